# BootConsole: build, try out, test. `make` alone lists the targets.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
CONFIGURATION ?= Release
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
DOTNET_FLAGS := --nologo -v quiet -c $(CONFIGURATION)

# Every package with its reason.
#   openssh-server            the SFTP server of demo, tests and benchmarks
#   partclone, ntfs-3g, xfsprogs, e2fsprogs, btrfs-progs, exfatprogs, exfat-fuse, dosfstools, mtools, f2fs-tools
#                             used maps, and the file systems that the tests make, check and compare
#   fdisk, gdisk, util-linux  partition tables, blkid, losetup, lsblk
#   zstd, age, libzstd1, libsodium23   the codec's libraries, and the programs it is held against
#   nbdkit, libnbd-bin, fuse3 unreadable sectors for the tests (nbdfuse)
#   strace, tmux              what the program opens, and what a person at a terminal sees
#   busybox, iproute2         DHCP client and server, and network namespaces, for the tests of the booted PC's network
#   jq, shellcheck            demo output, lint of scripts
#   man-db, groff-base        manual pages as a person sees them
#   systemd, libsqlite3-0, procps   bootserver's units, catalogue, and ending the sessions of a PC
#   cpio, kmod, xz-utils, bzip2   the boot environment is put together with them
#   xorriso, mtools, grub-*, shim-signed   boot media
#   systemd-boot-efi, binutils   unified kernel images: the stub that starts the kernel, and objcopy, which puts the kernel into it
#   qemu-*, ipxe-qemu, ovmf   PCs that boot those media in the tests
#   samba, nfs-ganesha*       servers with network shares for those PCs; each test starts its own as a plain program
#   sqlite3, python3, curl   what tests do to a catalogue behind the program's back, and what they ask its HTTP server
#   quota   what the server in a virtual PC sets limits with
#   dnsmasq-base, grub-efi-amd64-bin   DHCP, TFTP and the loaders of 'bootserver serve'; dnsmasq itself would start a name server
PACKAGES := openssh-client openssh-server partclone ntfs-3g xfsprogs e2fsprogs btrfs-progs exfatprogs exfat-fuse dosfstools mtools f2fs-tools \
  fdisk gdisk util-linux zstd age libzstd1 libsodium23 nbdkit libnbd-bin fuse3 strace tmux busybox iproute2 jq shellcheck \
  cpio kmod xz-utils bzip2 xorriso grub-common grub-pc-bin grub-efi-amd64-signed shim-signed systemd-boot-efi binutils qemu-system-x86 qemu-utils ipxe-qemu ovmf \
  samba nfs-ganesha nfs-ganesha-vfs man-db groff-base systemd libsqlite3-0 procps sqlite3 python3 curl dnsmasq-base grub-efi-amd64-bin quota
# What the distribution would start at once and at every boot because those came, open to the whole network. What was there before is left as it is.
UNWANTED_SERVICES := smbd nmbd samba-ad-dc nfs-ganesha nfs-ganesha-lock rpcbind.socket rpcbind quotarpc
BENCH_PACKAGES := fsarchiver restic borgbackup hyperfine

.PHONY: help deps bench-deps build demo test vm-test lint bench publish deb deb-test image run-vm fuzz faults clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

deps: ## install the distribution packages that are missing (needs root or sudo) and restore the NuGet packages
	@missing="$$(for p in $(PACKAGES); do dpkg-query -W -f='$${Status}' "$$p" 2>/dev/null | grep -q 'ok installed' || echo "$$p"; done)"; \
	if [ -n "$$missing" ]; then \
	  echo "Installing distribution packages:" $$missing; \
	  $(SUDO) apt-get update -qq; \
	  unwanted=""; \
	  if [ -d /run/systemd/system ]; then for s in $(UNWANTED_SERVICES); do systemctl cat "$$s" >/dev/null 2>&1 || unwanted="$$unwanted $$s"; done; fi; \
	  $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	  for s in $$unwanted; do if systemctl cat "$$s" >/dev/null 2>&1; then $(SUDO) systemctl disable --now --quiet "$$s" || true; fi; done; \
	else echo "All distribution packages are installed."; fi
	@echo "Restoring NuGet packages."
	@dotnet restore BootConsole.sln --nologo -v quiet

bench-deps: deps ## install what the benchmarks compare with
	@$(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(BENCH_PACKAGES) >/dev/null

build: deps ## build everything
	@dotnet build BootConsole.sln --no-restore $(DOTNET_FLAGS)

publish: deps ## self-contained programs into artifacts/bin
	@mkdir -p artifacts/bin
	@dotnet publish src/BootConsole.Appliance $(DOTNET_FLAGS) -r linux-x64 --self-contained -o artifacts/publish
	@dotnet publish src/BootConsole.Server $(DOTNET_FLAGS) -r linux-x64 --self-contained -o artifacts/publish-server
	@cp artifacts/publish/bootconsole artifacts/publish-server/bootserver artifacts/bin/
	@ls -l artifacts/bin

deb: publish ## the Debian package of bootserver, into artifacts/deb
	@config/deb/build

deb-test: publish ## install, use, remove and purge that package in a copy of this machine (needs root); lintian too where it is installed
	@config/deb/test

image: publish ## the boot environment into buildroot/out: kernel, base initramfs, bill of materials
	@buildroot/build

run-vm: ## the appliance in an emulated PC on this terminal, with a demo disk and a private server (after make image)
	@buildroot/try

demo: publish ## back up a small disk over SFTP, encrypted, twice, with a cut; restore it to a larger one, compare (about a minute)
	@tests/demo/run

test: build image ## all tests, those in virtual PCs last (three quarters of an hour); a part of the latter: VM_FILTER=… as dotnet test takes it
	@VM_FILTER='$(VM_FILTER)' tests/run $(CONFIGURATION)

vm-test: build image ## all tests in virtual PCs, nothing else (22 minutes); a part of them: make vm-test FILTER=Unattended
	@PROJECTS=tests/BootConsole.Appliance.VmTests/BootConsole.Appliance.VmTests.csproj tests/run $(CONFIGURATION) $(if $(FILTER),--filter "FullyQualifiedName~$(FILTER)")

lint: build ## warnings are errors, formatting, shell scripts
	@dotnet format BootConsole.sln --no-restore --verify-no-changes
	@shellcheck -x .ci/run tests/run tests/faults $$(git ls-files 'tests/demo/*' 'tests/bench/*' 'docs/screens/make' 'docs/screens/make-vm' | xargs -r grep -lE '^#!.*(ba)?sh')
	@shellcheck -x -P SCRIPTDIR $$(git ls-files buildroot | xargs -r grep -lE '^#!.*bash')
	@shellcheck -s sh $$(git ls-files buildroot/overlay | xargs -r grep -lE '^#!.*busybox sh')
	@shellcheck -x -P SCRIPTDIR config/deb/build config/deb/test config/deb/start
	@shellcheck -s sh config/deb/overdue config/deb/postinst config/deb/prerm config/deb/postrm
	@echo "lint: clean"

bench: publish bench-deps ## compare with the field; writes docs/benchmarks.md (about half an hour, 40 GB of disk)
	@tests/bench/run

fuzz: build ## a million mutated inputs for every parser
	@BOOTCONSOLE_FUZZ_ROUNDS=1000000 tests/run $(CONFIGURATION) --filter "FullyQualifiedName~Fuzz|FullyQualifiedName~mutat"

FAULT_ROUNDS ?= 200
faults: build ## cut, kill, fill up and refuse at every operation and at random (FAULT_ROUNDS=200: about a quarter of an hour)
	@tests/faults $(CONFIGURATION) $(FAULT_ROUNDS)

clean: ## remove what was built
	@rm -rf artifacts; find . -type d \( -name bin -o -name obj \) -prune -exec rm -rf {} +
