pricesim run summer.json --paths 1e3
