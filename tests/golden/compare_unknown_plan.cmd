pricesim compare summer.json --plan mach
