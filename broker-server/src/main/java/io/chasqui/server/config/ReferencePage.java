package io.chasqui.server.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The page of the documentation with every setting, made from the table of settings. */
final class ReferencePage {

    private ReferencePage() {}

    /** Its text, in Markdown. */
    static String text() {
        StringBuilder text =
                new StringBuilder(
                        """
                        # Configuration

                        Made from the declarations in `Settings.java` and its neighbours by `ReferencePageTest`; edit those instead.

                        ## Where settings come from

                        What stands further down counts more:

                        1. the default;
                        2. the main file, in YAML: `--config FILE`, else `$CHASQUI_CONFIG`, else `config/broker.yaml` in the
                           installation, else `/etc/chasqui/broker.yaml`. [config/broker.yaml](../config/broker.yaml) shows
                           every setting, commented out;
                        3. `conf.d/*.yaml` beside the main file, in the order of their names;
                        4. the environment: `CHASQUI_` and the key in capitals, with `_` for `.` and `-`. `NAME_FILE` names a
                           file with the value of `NAME`; a line end after it is left out. Elements of a list stand between
                           commas, those of a map as `name=value`;
                        5. options: `--set KEY=VALUE`, `--data-dir`, `--amqp-port`, `--http-port`.

                        A list or map replaces the one before it as a whole. Levels may be nested or written with dots. In a
                        file `${NAME}` stands for a variable of the environment, `${NAME:-default}` for one that may be absent
                        or empty, `$${` for `${`.

                        ```yaml
                        listeners:
                          amqp:
                            hosts: [0.0.0.0]
                        default-user.password: ${BROKER_PASSWORD:-guest}
                        ```

                        Sizes are whole numbers of octets, or of `KiB`, `MiB`, `GiB`. Times are whole numbers with their unit:
                        `ms`, `s`, `m`, `h`.

                        ## Looking at it

                        `chasqui config check` tells every mistake with its file, line and column and the nearest setting there
                        is, and exits with 78 if there is one, with 0 otherwise. `chasqui config print --origins` prints what
                        would hold and where each value comes from; secrets are not shown. `chasqui config describe [KEY]`
                        explains settings. All of them take `--config` and `--set`, as `chasqui broker start` does.

                        A variable `CHASQUI_...` that no setting has is passed over unless it is nearly one, because Kubernetes
                        sets such variables for a service called `chasqui`. Among them may be `CHASQUI_HTTP_PORT`, for a service
                        called `chasqui-http`: set `enableServiceLinks: false` then.
                        """);
        groups().forEach((group, settings) -> {
            text.append("\n## ").append(group.isEmpty() ? "General" : "`" + group + "`");
            text.append("\n\n| setting | default | meaning |\n|---|---|---|\n");
            settings.forEach(setting -> appendRow(text, setting));
        });
        return text.toString();
    }

    private static Map<String, List<Setting<?>>> groups() {
        return Settings.ALL.stream()
                .collect(
                        Collectors.groupingBy(
                                Setting::group, LinkedHashMap::new, Collectors.toList()));
    }

    private static void appendRow(StringBuilder text, Setting<?> setting) {
        text.append("| `")
                .append(setting.key())
                .append("` | `")
                .append(YamlText.of(setting.kind(), setting.standard()))
                .append("` | ")
                .append((setting.help() + " " + setting.valueHelp()).replace("|", "\\|"))
                .append(" |\n");
    }
}
