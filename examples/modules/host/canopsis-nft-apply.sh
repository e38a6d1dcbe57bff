#!/bin/sh
# canopsis-nft-apply load FILE SECONDS   check and load a ruleset; it is taken back
#                                        after so many seconds unless confirmed
# canopsis-nft-apply confirm             keep it, for the unit at boot too: run it over a new
#                                        connection, since an old one proves nothing
# canopsis-nft-apply rollback            take it back now
#
# One table, inet canopsis, is touched. What was there before is put back.
set -eu
umask 077
PATH=$PATH:/usr/sbin:/sbin
keep=${CANOPSIS_NFT_DIR:-/etc/canopsis-nft} # what is loaded at boot
state=${CANOPSIS_NFT_STATE:-/run/canopsis-nft}
empty='table inet canopsis
delete table inet canopsis'

# put_back puts the table back as it was.
put_back() {
	{ echo "$empty"; cat "$state/before.nft"; } | nft -f -
	echo "taken back"
}

# take_back is put_back for what is loaded. Of this, confirm and a failed load only
# the one that moves the mark away acts.
take_back() {
	mv "$state/pending" "$state/taken-back" 2>/dev/null || return 0
	put_back
}

# give_up lets another load come: of this one, nothing is there.
give_up() {
	nft delete table inet canopsis_prime 2>/dev/null || :
	mv "$state/pending" "$state/failed" 2>/dev/null || :
}

# waits ends the script where no ruleset waits for an answer.
waits() {
	[ -e "$state/pending" ] || { echo "nothing waits to be confirmed: it was taken back, or never loaded" >&2; exit 1; }
}

# remember keeps what is there now, to be put back: the ruleset that was confirmed
# last, or nothing. What somebody else loaded is listed, if nft reads its own list:
# 1.0.6 does not, where several ports stand in a set.
remember() {
	: >"$state/before.nft"
	nft -s list table inet canopsis >"$state/listed.nft" 2>/dev/null || return 0
	if [ -s "$keep/ruleset.nft" ]; then
		cp "$keep/ruleset.nft" "$state/before.nft"
	else
		cp "$state/listed.nft" "$state/before.nft"
	fi
	{ echo "$empty"; cat "$state/before.nft"; } | nft -c -f - || {
		echo "the table that is there now could not be put back: nft delete table inet canopsis, and load again" >&2
		return 1
	}
}

# arm has the ruleset taken back later, whatever becomes of this connection. A process
# of its own may end with the session, so that systemd does it where it runs: also
# while it starts, or where one of its units failed.
arm() {
	running=$(systemctl is-system-running 2>/dev/null || :)
	if command -v systemd-run >/dev/null 2>&1 && [ -n "$running" ] && [ "$running" != offline ] && [ "$running" != unknown ]; then
		systemctl stop canopsis-nft-rollback.timer canopsis-nft-rollback.service >/dev/null 2>&1 || :
		systemctl reset-failed canopsis-nft-rollback.service >/dev/null 2>&1 || :
		systemd-run --quiet --unit canopsis-nft-rollback --on-active="$1" --timer-property=AccuracySec=1s \
			--setenv=CANOPSIS_NFT_DIR="$keep" --setenv=CANOPSIS_NFT_STATE="$state" /bin/sh "$self" expire "$2"
	else
		setsid sh -c 'sleep "$1"; exec sh "$2" expire "$3"' sh "$1" "$self" "$2" </dev/null >/dev/null 2>&1 &
	fi
}

# prime lets conntrack see connections that are open already: without it those in
# which the server speaks first would hang where nothing was tracked before.
prime() {
	nft list tables | grep -q . && return 0 # somebody filters, and so tracks
	printf '%s\n' 'table inet canopsis_prime {' \
		'chain input { type filter hook input priority -10; policy accept; ct state new accept; }' \
		'chain output { type filter hook output priority -10; policy accept; ct state new accept; }' '}' | nft -f -
	sleep "${CANOPSIS_NFT_PRIME:-5}"
	nft delete table inet canopsis_prime
}

case ${1:-} in
load)
	new=$2 seconds=$3
	case $seconds in '' | 0 | *[!0-9]*) echo "$seconds is not a number of seconds" >&2; exit 2 ;; esac
	change=$(date +%s)-$$
	mkdir -p "$keep" "$state"
	nft -c -f "$new" # syntax, and what this kernel knows; nothing is loaded
	(set -C; echo "$change" >"$state/pending") 2>/dev/null || { echo "another ruleset waits to be confirmed; rollback takes it back" >&2; exit 1; }
	trap give_up EXIT
	trap 'exit 1' HUP INT TERM
	cp "$new" "$state/new.nft"
	remember
	cp "$0" "$state/apply.sh"
	self=$state/apply.sh
	prime
	arm "$seconds" "$change"
	trap - EXIT HUP INT TERM # what happens from here on, the timer mends
	nft -f "$state/new.nft" || { give_up; exit 1; }
	[ -e "$state/pending" ] || { put_back; echo "loading took longer than $seconds seconds" >&2; exit 1; }
	echo "loaded; confirm it over a new connection within $seconds seconds"
	;;
confirm)
	waits
	cp "$state/new.nft" "$keep/ruleset.nft.new" # while it may still fail
	mv "$state/pending" "$state/confirmed" 2>/dev/null || { rm -f "$keep/ruleset.nft.new"; waits; }
	mv "$keep/ruleset.nft.new" "$keep/ruleset.nft"
	echo "confirmed"
	;;
rollback) waits && take_back ;;
expire) # a timer's, for the change that it was armed for and no later one
	[ "$(cat "$state/pending" 2>/dev/null)" = "$2" ] && take_back
	;;
*)
	sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
	exit 2
	;;
esac
