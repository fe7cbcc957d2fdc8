#!/bin/sh
# Installs the user service for the checkout given as first argument. `make install-service`
set -eu
checkout=$1
units=${XDG_CONFIG_HOME:-$HOME/.config}/systemd/user
mkdir -p "$units"
sed "s|^WorkingDirectory=.*|WorkingDirectory=$checkout|" \
    "$checkout/systemd/movie-sync.service" > "$units/movie-sync.service"
echo "written: $units/movie-sync.service"
echo "start it now and at each login:  systemctl --user daemon-reload && systemctl --user enable --now movie-sync"
echo "keep it running after logout:    loginctl enable-linger"
echo "read what it says:               journalctl --user -u movie-sync -f"
