pricesim run summer.json --paths
