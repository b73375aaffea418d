pricesim explain summer.json
