pricesim validate summer.json --set /offers/standard/list_price=-1 --set /promotions/summer/valu=2
