pricesim validate --plain-json summer.json run_json.cmd
