pricesim explain summer.json /funnel --format json
