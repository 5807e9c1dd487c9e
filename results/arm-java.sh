#!/usr/bin/env bash
# Java on emulated ARM, on x86 with Debian or Ubuntu:
#
#   results/arm-java.sh FOLDER [JAVA OPTIONS ...]
#
# The first call fills FOLDER, some 300 MB, with Debian's JRE 25 for arm64, and needs root rights to install qemu-user-static. It emulates
# NEON, of 128 bits, and SVE of 512: -Dberas.simd=128 or 512 chooses, off is scalar. Some 100 times slower than the machine.
set -euo pipefail
[ $# -gt 0 ] || { sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2; }
folder=$(mkdir -p "$1" && cd "$1" && pwd)
shift
home=$folder/usr/lib/jvm/java-25-openjdk-arm64
if [ ! -e "$folder/ready" ]; then
  dpkg --add-architecture arm64
  apt-get update -qq
  command -v qemu-aarch64-static > /dev/null || apt-get install -y -qq --no-install-recommends qemu-user-static > /dev/null
  packages=$(mktemp -d)
  chmod 777 "$packages" # apt downloads as another user
  (cd "$packages" && apt-get download -qq openjdk-25-jre-headless:arm64 libc6:arm64 zlib1g:arm64 libgcc-s1:arm64 libstdc++6:arm64 \
    libfreetype6:arm64 libpng16-16t64:arm64 libbrotli1:arm64 libbz2-1.0:arm64 liblcms2-2:arm64 libjpeg62-turbo:arm64 > /dev/null
    for package in *.deb; do dpkg -x "$package" "$folder"; done)
  rm -rf "$packages"
  [ -e "$folder/lib" ] || ln -s usr/lib "$folder/lib"
  # The settings of the JRE are links to absolute places, which are here, but elsewhere.
  find "$home" -type l | while read -r link; do
    to=$(readlink "$link")
    if [ "${to#/etc/}" != "$to" ] && [ -e "$folder$to" ]; then
      rm "$link"
      cp -r "$folder$to" "$link"
    fi
  done
  touch "$folder/ready"
fi
QEMU_LD_PREFIX=$folder exec qemu-aarch64-static -cpu max -L "$folder" "$home/bin/java" "$@"
