package io.chasqui.server.config;

import java.util.Locale;

/**
 * One thing that can be configured, declared once: parsing, help, the sample file and the
 * documentation all come from here.
 *
 * @param key its name in the configuration file, dots between the levels
 * @param standard the default, written as a user would write it
 * @param help what it does, in sentences; units and dangers included
 */
record Setting<T>(String key, Kind<T> kind, String standard, String help) {

    /** Its name in the environment: {@code CHASQUI_} and the key in capitals. */
    String environment() {
        return "CHASQUI_" + key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
