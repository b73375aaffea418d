pricesim run summer.json --paths 128 --attribution none --plan no_promotion --format csv
