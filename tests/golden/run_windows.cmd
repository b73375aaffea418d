pricesim run summer.json --paths 64 --attribution none -q --set '/promotions/summer/recurrence={"every_days": 21, "days": 5}' --format json | sed -n '/"promotion_windows":/,/]/p'
