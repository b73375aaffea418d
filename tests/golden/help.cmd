pricesim help
