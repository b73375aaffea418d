pricesim compare summer.json --base match --plan no_promotion --metric contribtion
