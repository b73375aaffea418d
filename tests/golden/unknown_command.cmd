pricesim rnu
