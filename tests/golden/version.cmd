pricesim --version
