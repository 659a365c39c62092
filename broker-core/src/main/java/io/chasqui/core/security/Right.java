package io.chasqui.core.security;

import java.util.Locale;

/** What may be done with an exchange or a queue, as refusals name it. */
enum Right {
    CONFIGURE,
    WRITE,
    READ;

    private final String text = name().toLowerCase(Locale.ROOT);

    @Override
    public String toString() {
        return text;
    }
}
