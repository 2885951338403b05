# SPDX-License-Identifier: Apache-2.0
# bash completion of connfate-witness. A test compares the options with those of the program.

_connfate_witness() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
  local options="--socket --socket-mode --allow-uid --output --format --log --node --mask-clients --port
    --interface --no-capture --web --web-token-file --web-host --memory --first-lookup --settle --afterlife --user --check --config
    --version --help"

  case $before in
    --format) options="json logfmt" ;;
    --log) options="trouble all" ;;
    --user | --allow-uid)
      mapfile -t COMPREPLY < <(compgen -u -- "$word")
      return
      ;;
    --interface) options="any $(cd /sys/class/net 2>/dev/null && echo *)" ;;
    --socket | --output | --config | --web-token-file)
      mapfile -t COMPREPLY < <(compgen -f -- "$word")
      return
      ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
}
complete -o filenames -F _connfate_witness connfate-witness
