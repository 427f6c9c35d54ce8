# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# Completes a command line in an interactive zsh on a terminal of its own: prints what the last word can become.
# Usage: zsh -f complete.zsh FOLDER_OF_SCRIPTS LINE
zmodload zsh/zpty
scratch=$(mktemp -d)
cat >$scratch/.zshrc <<END
autoload -U compinit
fpath=(${(q)1} \$fpath); compinit -u -C -d $HOME/.dump-${1:t}
compadd() {
  if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
    builtin compadd "\$@"
    return
  fi
  typeset -a hits
  builtin compadd -A hits "\$@"
  print -rl -- \$hits >>$scratch/found
  builtin compadd "\$@"
}
finish() { zle list-choices; : >$scratch/done }
zle -N finish
bindkey '^I' finish
PROMPT=ready
END
export ZDOTDIR=$scratch
zpty shell zsh -d -i
zpty -r shell output '*ready*'
zpty -w -n shell "$2"$'\t'
for ((i = 0; i < 500; ++i)); do
  [[ -e $scratch/done ]] && break
  zpty -rt shell output || sleep 0.01
done
zpty -d shell
[[ ! -e $scratch/found ]] || grep -v '^$' $scratch/found
rm -rf $scratch
