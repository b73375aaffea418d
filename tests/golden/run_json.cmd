pricesim run summer.json --paths 128 --attribution 64 --format json
