pricesim run summer.json --paths 512
