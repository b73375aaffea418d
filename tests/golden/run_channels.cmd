pricesim run ../../scenarios/startup.json --paths 500 -q | sed -n '/^By channel/,/^What contribution/p'
