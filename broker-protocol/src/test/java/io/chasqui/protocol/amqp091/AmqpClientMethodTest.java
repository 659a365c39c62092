package io.chasqui.protocol.amqp091;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.impl.AMQImpl;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** RabbitMQ's Java client must read what we write, and we what it writes. */
class AmqpClientMethodTest {

    static Stream<Class<? extends Method>> kinds() {
        return MethodGenerator.kinds().stream();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void the_client_reads_the_same_fields_and_what_it_writes_reads_back(
            Class<? extends Method> kind) throws Exception {
        MethodGenerator generator = new MethodGenerator(kind.getName().hashCode() + 1L);
        for (int i = 0; i < 50; i++) {
            Method ours = generator.next(kind);

            com.rabbitmq.client.impl.Method theirs = readByClient(ours);

            assertThat(theirs.protocolClassId()).isEqualTo(ours.classId());
            assertThat(theirs.protocolMethodId()).isEqualTo(ours.methodId());
            assertThat(theirs.hasContent()).isEqualTo(ours.carriesContent());
            for (RecordComponent component : kind.getRecordComponents()) {
                Object value = component.getAccessor().invoke(ours);
                assertThat(plain(getter(theirs, component.getName()), component.getType()))
                        .as(component.getName())
                        .isEqualTo(plain(value, component.getType()));
            }
            ByteBuffer payload = ByteBuffer.wrap(theirs.toFrame(1).getPayload());
            assertThat(MethodReader.read(payload, 0, payload.limit())).isEqualTo(ours);
        }
    }

    private static com.rabbitmq.client.impl.Method readByClient(Method ours) throws IOException {
        ByteBuffer payload = ByteBuffer.allocate(MethodWriter.sizeOf(ours));
        MethodWriter.write(ours, payload);
        return AMQImpl.readMethodFrom(
                new DataInputStream(new ByteArrayInputStream(payload.array())));
    }

    private static Object getter(com.rabbitmq.client.impl.Method theirs, String component)
            throws ReflectiveOperationException {
        String name =
                switch (component) {
                    case "noWait" -> "nowait";
                    case "failedClassId" -> "classId";
                    case "failedMethodId" -> "methodId";
                    default -> component;
                };
        String getter = "get" + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
        java.lang.reflect.Method method = theirs.getClass().getMethod(getter);
        method.setAccessible(true);
        return method.invoke(theirs);
    }

    /** Either side's value in common terms: the client has signed ints and its own long strings. */
    private static Object plain(Object value, Class<?> type) {
        if (type == long.class && value instanceof Integer number) {
            return Integer.toUnsignedLong(number);
        }
        return switch (value) {
            case com.rabbitmq.client.LongString string ->
                    type == String.class ? string.toString() : LongString.of(string.getBytes());
            case Map<?, ?> map -> map.size();
            case FieldTable table -> table.size();
            default -> value;
        };
    }
}
