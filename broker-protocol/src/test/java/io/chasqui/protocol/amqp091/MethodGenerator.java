package io.chasqui.protocol.amqp091;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Makes methods of every record with random fields from a seed. */
final class MethodGenerator {

    private static final String[] LETTERS = {"a", "B", "7", ".", " ", "ä", "中", "🐦", "\u0000"};

    private final Random random;

    MethodGenerator(long seed) {
        random = new Random(seed);
    }

    /** Every record of the sealed family. */
    static List<Class<? extends Method>> kinds() {
        List<Class<? extends Method>> kinds = new ArrayList<>();
        collect(Method.class, kinds);
        return kinds;
    }

    private static void collect(Class<?> type, List<Class<? extends Method>> kinds) {
        for (Class<?> permitted : type.getPermittedSubclasses()) {
            if (permitted.isRecord()) {
                kinds.add(permitted.asSubclass(Method.class));
            } else {
                collect(permitted, kinds);
            }
        }
    }

    Method next(Class<? extends Method> kind) {
        RecordComponent[] components = kind.getRecordComponents();
        Object[] values = Stream.of(components).map(c -> value(c.getName(), c.getType())).toArray();
        Class<?>[] types =
                Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            return kind.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(kind + Arrays.toString(values), e);
        }
    }

    private Object value(String name, Class<?> type) {
        if (type == String.class) {
            return text(1 + random.nextInt(40));
        }
        if (type == boolean.class) {
            return random.nextBoolean();
        }
        if (type == int.class) {
            return random.nextInt(name.startsWith("version") ? 0x100 : 0x10000);
        }
        if (type == long.class) {
            return name.equals("deliveryTag") ? random.nextLong() : random.nextLong(1L << 32);
        }
        if (type == LongString.class) {
            byte[] octets = new byte[random.nextInt(300)];
            random.nextBytes(octets);
            return LongString.of(octets);
        }
        return table();
    }

    /** Text of up to {@code letters} characters, some of more than one octet. */
    String text(int letters) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < letters; i++) {
            text.append(LETTERS[random.nextInt(LETTERS.length)]);
        }
        return text.toString();
    }

    /** A table of types every client reads in the same way. */
    FieldTable table() {
        FieldTable.Builder table = FieldTable.builder();
        for (int i = random.nextInt(4); i > 0; i--) {
            table.put("text" + i, text(10))
                    .put("int" + i, random.nextInt())
                    .put("flag" + i, random.nextBoolean())
                    .put("nested" + i, FieldTable.of("long", random.nextLong()));
        }
        return table.build();
    }
}
