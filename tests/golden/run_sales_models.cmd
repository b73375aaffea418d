pricesim run ../../scenarios/channel_partner.json --paths 500 -q | sed -n '/^Bottleneck/,/^Price waterfall/p'
