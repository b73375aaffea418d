pricesim validate summer.json
