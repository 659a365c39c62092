# Finds Java 25 or newer. To be sourced by a POSIX shell:
#
#   find_jdk               sets CHASQUI_JAVA to the home of a Java that can run the broker
#   find_jdk --to-build    ... to one that has a compiler as well
#
# The first that is new enough is taken; an older one is passed over, even if JAVA_HOME names it.
# If there is none, it says what was found and how to go on, and exits with 3.

jdk_candidates() {
    printf '%s\n' "${CHASQUI_JAVA_HOME:-}" "${CHASQUI_HOME:+$CHASQUI_HOME/jre}" "${JAVA_HOME:-}"

    printf '%s\n' "${PATH:-}" | tr ':' '\n' | while IFS= read -r bin; do
        java=$bin/java
        [ -x "$java" ] || continue
        while [ -L "$java" ]; do
            target=$(readlink "$java")
            case $target in
                /*) java=$target ;;
                *) java=${java%/*}/$target ;;
            esac
        done
        printf '%s\n' "${java%/*}/.."
    done

    printf '%s\n' /usr/lib/jvm/* /opt/*jdk* /opt/*java* /opt/java/* /opt/*jre* /usr/local/*jdk*
    if [ -n "${HOME:-}" ]; then
        printf '%s\n' "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
            "$HOME"/.local/share/mise/installs/java/* "$HOME"/.asdf/installs/java/* \
            "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home
    fi
    printf '%s\n' /Library/Java/JavaVirtualMachines/*/Contents/Home \
        /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
        /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home
}

find_jdk() {
    CHASQUI_JAVA=
    jdk_seen=
    # Reading the file "release" costs a fraction of asking "java -version".
    while IFS= read -r jdk_home; do
        [ -n "$jdk_home" ] && [ -x "$jdk_home/bin/java" ] || continue
        jdk_home=$(CDPATH= cd -P -- "$jdk_home" && pwd)
        case $jdk_seen in *"  $jdk_home ("*) continue ;; esac

        jdk_version=
        [ ! -r "$jdk_home/release" ] ||
            jdk_version=$(sed -n 's/^JAVA_VERSION="\{0,1\}\([0-9][0-9._]*\).*/\1/p' "$jdk_home/release")
        if [ -z "$jdk_version" ]; then
            jdk_verdict='not a JDK: it has no file "release" that names a version'
        elif [ "${jdk_version%%[._]*}" -lt 25 ]; then
            jdk_verdict="Java $jdk_version: too old"
        elif [ "${1:-}" = --to-build ] && [ ! -x "$jdk_home/bin/javac" ]; then
            jdk_verdict="Java $jdk_version: has no compiler"
        else
            CHASQUI_JAVA=$jdk_home
            return
        fi
        jdk_seen="$jdk_seen  $jdk_home ($jdk_verdict)
"
    done <<CANDIDATES
$(jdk_candidates)
CANDIDATES

    {
        echo "Chasqui needs Java 25 or newer${1:+, with its compiler,} and found none."
        if [ -n "$jdk_seen" ]; then
            echo "Found:"
            printf '%s' "$jdk_seen"
        fi
        echo "Any of these helps:"
        echo "  - install a JDK 25, from the packages of your system or from https://adoptium.net"
        echo "  - if it is installed already, name its folder: export CHASQUI_JAVA_HOME=/path/to/jdk-25"
        echo "  - put its bin folder on the PATH: export PATH=/path/to/jdk-25/bin:\$PATH"
    } >&2
    exit 3
}
