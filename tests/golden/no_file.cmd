pricesim run no.json
