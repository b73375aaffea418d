pricesim help run
