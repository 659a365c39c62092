package io.chasqui.server.amqp10.filter;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of a message that filters know, in the order of their sections (1.0 §3.2.1, §3.2.4). */
public enum Field {
    DURABLE(Section.HEADER, 0),
    PRIORITY(Section.HEADER, 1),
    MESSAGE_ID(Section.PROPERTIES, 0),
    USER_ID(Section.PROPERTIES, 1),
    TO(Section.PROPERTIES, 2),
    SUBJECT(Section.PROPERTIES, 3),
    REPLY_TO(Section.PROPERTIES, 4),
    CORRELATION_ID(Section.PROPERTIES, 5),
    CONTENT_TYPE(Section.PROPERTIES, 6),
    CONTENT_ENCODING(Section.PROPERTIES, 7),
    ABSOLUTE_EXPIRY_TIME(Section.PROPERTIES, 8),
    CREATION_TIME(Section.PROPERTIES, 9),
    GROUP_ID(Section.PROPERTIES, 10),
    GROUP_SEQUENCE(Section.PROPERTIES, 11),
    REPLY_TO_GROUP_ID(Section.PROPERTIES, 12);

    /** Where a field stands. */
    public enum Section {
        HEADER,
        PROPERTIES
    }

    private static final Map<String, Field> BY_NAME = new HashMap<>();

    static {
        for (Field field : values()) {
            BY_NAME.put(field.sqlName(), field);
        }
    }

    private final Section section;
    private final int index;

    Field(Section section, int index) {
        this.section = section;
        this.index = index;
    }

    public Section section() {
        return section;
    }

    /** Its place in its section's list. */
    public int index() {
        return index;
    }

    /** Its name in SQL: with underscores. */
    private String sqlName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The field of that name in SQL, or null. */
    static @Nullable Field inSql(String name) {
        return BY_NAME.get(name);
    }

    /** The field of the properties of that name on the wire, with dashes, or null. */
    static @Nullable Field ofProperties(String name) {
        Field field = name.indexOf('_') >= 0 ? null : BY_NAME.get(name.replace('-', '_'));
        return field != null && field.section == Section.PROPERTIES ? field : null;
    }
}
