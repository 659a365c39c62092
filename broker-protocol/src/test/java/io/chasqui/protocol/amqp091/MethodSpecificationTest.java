package io.chasqui.protocol.amqp091;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds the records and their octets against {@code methods.tsv}, the specification's list of
 * methods. The octets are made anew here, field by field as that list has them.
 */
class MethodSpecificationTest {

    /** One field of a method; reserved ones have no record component. */
    record Field(String name, String type) {

        boolean isReserved() {
            return name.startsWith("reserved-");
        }

        /** The component: camel case, but for the two names that Method itself bears. */
        String component() {
            return switch (name) {
                case "class-id" -> "failedClassId";
                case "method-id" -> "failedMethodId";
                default -> camelCase(name);
            };
        }
    }

    /** One line of the list. */
    record Line(String name, int classId, int methodId, List<Field> fields) {

        static Line parse(String text) {
            String[] cells = text.split("\t", -1);
            List<Field> fields =
                    Stream.of(cells[3].split(" "))
                            .filter(cell -> !cell.isEmpty())
                            .map(cell -> cell.split(":", -1))
                            .map(pair -> new Field(pair[0], pair[1]))
                            .toList();
            return new Line(
                    cells[0], Integer.parseInt(cells[1]), Integer.parseInt(cells[2]), fields);
        }

        @Override
        public String toString() {
            return name;
        }

        Class<? extends Method> kind() {
            String[] parts = name.split("\\.", -1);
            String simple = capitalised(parts[0]) + "Method$" + capitalised(camelCase(parts[1]));
            return MethodGenerator.kinds().stream()
                    .filter(kind -> kind.getName().endsWith("." + simple))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no record for " + name));
        }
    }

    static List<Line> lines() throws IOException {
        try (InputStream in = MethodSpecificationTest.class.getResourceAsStream("methods.tsv")) {
            return new String(in.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(Line::parse)
                    .toList();
        }
    }

    @Test
    void every_method_of_the_specification_has_its_record_and_no_record_is_of_our_own_making()
            throws IOException {
        assertThat(MethodGenerator.kinds())
                .containsExactlyInAnyOrderElementsOf(lines().stream().map(Line::kind).toList());
    }

    @ParameterizedTest
    @MethodSource("lines")
    void ids_are_the_specifications(Line line) {
        Method method = new MethodGenerator(5).next(line.kind());

        assertThat(method.classId()).isEqualTo(line.classId);
        assertThat(method.methodId()).isEqualTo(line.methodId);
    }

    @ParameterizedTest
    @MethodSource("lines")
    void fields_have_the_specifications_names_order_and_types(Line line) {
        List<String> expected =
                line.fields.stream()
                        .filter(field -> !field.isReserved())
                        .map(field -> field.component() + " " + javaType(field))
                        .toList();

        assertThat(line.kind().getRecordComponents())
                .extracting(c -> c.getName() + " " + c.getType().getSimpleName())
                .isEqualTo(expected);
    }

    private static String javaType(Field field) {
        return switch (field.type) {
            case "bit" -> "boolean";
            case "octet", "short" -> "int";
            case "long", "longlong" -> "long";
            case "shortstr" -> "String";
            case "longstr" ->
                    List.of("mechanisms", "locales").contains(field.name) ? "String" : "LongString";
            case "table" -> "FieldTable";
            default -> throw new AssertionError(field);
        };
    }

    @ParameterizedTest
    @MethodSource("lines")
    void octets_are_the_specifications(Line line) throws ReflectiveOperationException {
        MethodGenerator generator = new MethodGenerator(line.name.hashCode());
        for (int i = 0; i < 100; i++) {
            Method method = generator.next(line.kind());
            ByteBuffer ours = ByteBuffer.allocate(MethodWriter.sizeOf(method));

            MethodWriter.write(method, ours);

            assertThat(ours.array()).isEqualTo(bySpecification(line, method));
        }
    }

    private static byte[] bySpecification(Line line, Method method)
            throws ReflectiveOperationException {
        ByteBuffer out = ByteBuffer.allocate(100_000);
        out.putShort((short) line.classId).putShort((short) line.methodId);
        int bit = 0;
        for (Field field : line.fields) {
            if (!field.type.equals("bit")) {
                bit = 0;
                put(field, value(method, field), out);
                continue;
            }
            if (bit == 0) {
                out.put((byte) 0);
            }
            int mask = value(method, field) instanceof Boolean set && set ? 1 << bit : 0;
            out.put(out.position() - 1, (byte) (out.get(out.position() - 1) | mask));
            bit++;
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    private static Object value(Method method, Field field) throws ReflectiveOperationException {
        if (field.isReserved()) {
            return field.type.endsWith("str") ? "" : 0;
        }
        for (RecordComponent component : method.getClass().getRecordComponents()) {
            if (component.getName().equals(field.component())) {
                return component.getAccessor().invoke(method);
            }
        }
        throw new AssertionError(method + " has no " + field);
    }

    private static void put(Field field, Object value, ByteBuffer out) {
        switch (field.type) {
            case "octet" -> out.put(((Number) value).byteValue());
            case "short" -> out.putShort(((Number) value).shortValue());
            case "long" -> out.putInt(((Number) value).intValue());
            case "longlong" -> out.putLong(((Number) value).longValue());
            case "shortstr" -> {
                byte[] octets = ((String) value).getBytes(UTF_8);
                out.put((byte) octets.length).put(octets);
            }
            case "longstr" -> {
                byte[] octets =
                        value instanceof LongString string
                                ? string.octets()
                                : ((String) value).getBytes(UTF_8);
                out.putInt(octets.length).put(octets);
            }
            case "table" -> FieldTableWriter.write((FieldTable) value, out);
            default -> throw new AssertionError(field);
        }
    }

    private static String camelCase(String dashed) {
        String joined =
                Stream.of(dashed.split("-", -1))
                        .map(w -> capitalised(w))
                        .collect(Collectors.joining());
        return joined.substring(0, 1).toLowerCase(Locale.ROOT) + joined.substring(1);
    }

    private static String capitalised(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }
}
