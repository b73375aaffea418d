pricesim run summer.json --paths 512 --width 40 --ascii
