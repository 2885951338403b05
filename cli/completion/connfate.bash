# SPDX-License-Identifier: Apache-2.0
# bash completion of connfate. A test compares the options with those of the program.

_connfate() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
  local subcommand=${COMP_WORDS[1]:-} options=
  local names="by client close confidence duration_ms err fate first host hour method minute network
    path pattern phase rst_from rule server source status"
  local fates="delivered pending client_abort broken_pipe rst_received ack_timeout unreachable
    client_stalled ack_stalled blocked_here server_timeout server_abort stream_reset request_timeout no_request unknown"

  if [ "$COMP_CWORD" -eq 1 ]; then
    mapfile -t COMPREPLY < <(compgen -W "report explain live doctor --help --version" -- "$word")
    return
  fi
  case $before in
    --show | --fate)
      mapfile -t COMPREPLY < <(compgen -W "$fates" -- "$word")
      return
      ;;
    --by)
      mapfile -t COMPREPLY < <(compgen -W "$names" -- "$word")
      return
      ;;
    --where)
      compopt -o nospace 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -S = -W "$names" -- "$word")
      return
      ;;
  esac
  if [ "$subcommand" = explain ] && [ "$COMP_CWORD" -eq 2 ] && [[ $word != -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "words $(connfate explain words 2>/dev/null |
      sed -n '/^And$/q; s/^  //p')" -- "$word")
    return
  fi
  case $subcommand in
    report)
      options="--since --until --where --by --top --show --limit --offset --place --follow
        --interval --json --csv --html"
      ;;
    explain) options="--json" ;;
    live) options="--client --port --fate --older --limit --once --json --interval" ;;
    doctor)
      options="--module --nginx --httpd --nginx-config --httpd-config --nginx-dump
        --witness-config --root --json"
      ;;
  esac
  if [[ $word == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options --help" -- "$word")
  else
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
  fi
}
complete -o filenames -F _connfate connfate
