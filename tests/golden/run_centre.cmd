pricesim run summer.json --paths 128 --set /run/parameters=centre --quiet
