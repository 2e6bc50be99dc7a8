#!/bin/sh
# build.sh FOLDER - makes the Debian packages, source and binary, of this build
# in FOLDER, which is emptied.  Run by test_packages.py.
set -e
cd "${abs_top_builddir:?run by make check}"
rm -rf "$1"
mkdir -p "$1"
unset MAKEFLAGS MFLAGS MAKELEVEL DESTDIR
version=$(sed -n '1s/.*(\(.*\)-.*/\1/p' "$abs_top_srcdir/debian/changelog")
make -s dist
mv "precis-$version.tar.xz" "$1/precis_$version.orig.tar.xz"
cd "$1"
tar xf "precis_$version.orig.tar.xz"
cp -R "$abs_top_srcdir/debian" "precis-$version/"
cd "precis-$version"
# The tests have run, and will again wherever the package is uploaded.
DEB_BUILD_OPTIONS="nocheck parallel=$(nproc)" dpkg-buildpackage -us -uc
