pricesim compare summer.json --paths 512
