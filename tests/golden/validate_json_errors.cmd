pricesim validate summer.json --json-errors --set /offers/standard/list_price=-1
