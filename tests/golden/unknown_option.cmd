pricesim run summer.json --pathes 5
