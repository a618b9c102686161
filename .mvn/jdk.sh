# Sourced by galen and mvnw, in sh: use_jdk points JAVA_HOME to a JDK that builds and runs Galen.

GALEN_JDK=25

# Whether folder $1 is a JDK (not a bare runtime) that is new enough. Its release file says so at no
# cost, where asking its java would start a JVM.
is_jdk() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  while IFS='="' read -r key _ version _; do
    [ "$key" != JAVA_VERSION ] || break
  done <"$1/release"
  [ "${version%%[!0-9]*}" -ge $GALEN_JDK ] 2>/dev/null
}

# Prints the JDK asked for, or else the first one that is new enough.
find_jdk() (
  set +f
  if [ -n "${GALEN_JAVA_HOME-}" ]; then
    is_jdk "$GALEN_JAVA_HOME" && printf '%s\n' "$GALEN_JAVA_HOME"
    return
  fi
  on_path=$(readlink -f "$(command -v java)" 2>/dev/null) || on_path=
  for home in "${JAVA_HOME-}" "${on_path%/bin/java}" /usr/lib/jvm/* ~/.sdkman/candidates/java/* \
    ~/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if is_jdk "$home"; then
      printf '%s\n' "$home"
      return
    fi
  done
  return 1
)

use_jdk() {
  if jdk=$(find_jdk); then
    export JAVA_HOME="$jdk"
  elif [ -n "${GALEN_JAVA_HOME-}" ]; then
    echo "galen: GALEN_JAVA_HOME=$GALEN_JAVA_HOME is not a JDK $GALEN_JDK or newer" >&2
    return 1
  else
    echo "galen: no JDK $GALEN_JDK or newer in JAVA_HOME, PATH, /usr/lib/jvm, ~/.sdkman, ~/.jdks or" \
      "/Library/Java; get one from https://adoptium.net and, if it is elsewhere, set GALEN_JAVA_HOME" >&2
    return 1
  fi
}
