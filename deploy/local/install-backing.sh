#!/usr/bin/env bash
# Put RabbitMQ, PostgreSQL, nginx, the reader of pages (Tesseract), the faces of printed papers, what reads them back
# (pdftotext, qpdf) and a token in software that signatures are tried with (SoftHSM) on this machine as Debian packages, without letting them start as system services.
# The full mode starts them by itself, in folders of its own; the S3 server comes with the Python packages.
# Exit: 0 all there, 2 packages are missing and we are not root, otherwise what apt-get said.
set -euo pipefail

policy=/usr/sbin/policy-rc.d
mark="saoluu: no service starts while its package is installed"

missing() {
    [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || echo rabbitmq-server
    compgen -G "/usr/lib/postgresql/*/bin/postgres" >/dev/null || echo postgresql
    [ -x /usr/sbin/nginx ] || echo nginx-light
    [ -f /usr/share/fonts/truetype/croscore/Tinos-Regular.ttf ] || echo fonts-croscore
    [ -f /usr/share/fonts/truetype/hanazono/HanaMinB.ttf ] || echo fonts-hanazono
    [ -x /usr/bin/pdftotext ] || echo poppler-utils
    [ -x /usr/bin/qpdf ] || echo qpdf
    [ -e /usr/lib/softhsm/libsofthsm2.so ] || echo softhsm2
    [ -x /usr/bin/tesseract ] || echo tesseract-ocr
    for language in vie fra; do
        compgen -G "/usr/share/tesseract-ocr/*/tessdata/$language.traineddata" >/dev/null || echo "tesseract-ocr-$language"
    done
}

refuse() {
    cat >&2 <<TEXT
Thiếu gói Debian: $*
Hãy nhờ quản trị viên chạy lệnh: apt-get install --no-install-recommends $*
Missing Debian packages: $*
Ask an administrator to run: apt-get install --no-install-recommends $*
TEXT
    exit 2
}

forbid_service_starts() {
    # 101 is invoke-rc.d's "action forbidden by policy". A file that somebody else put there is left as it is.
    [ -e "$policy" ] && ! grep -qsF "$mark" "$policy" && return
    trap 'rm -f "$policy"' EXIT
    printf '#!/bin/sh\n# %s\nexit 101\n' "$mark" >"$policy"
    chmod 755 "$policy"
}

mapfile -t packages < <(missing)
[ ${#packages[@]} -gt 0 ] || exit 0
[ "$(id -u)" -eq 0 ] || refuse "${packages[@]}"

export DEBIAN_FRONTEND=noninteractive
forbid_service_starts
wait_for_others=(-o DPkg::Lock::Timeout=300)
apt-get "${wait_for_others[@]}" update
apt-get "${wait_for_others[@]}" install --yes --no-install-recommends "${packages[@]}"

mapfile -t packages < <(missing)
[ ${#packages[@]} -eq 0 ] || refuse "${packages[@]}"
