package io.chasqui.core.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.chasqui.core.definition.DefinitionChange.BindingAdded;
import io.chasqui.core.definition.DefinitionChange.BindingRemoved;
import io.chasqui.core.definition.DefinitionChange.ExchangeDeclared;
import io.chasqui.core.definition.DefinitionChange.ExchangeDeleted;
import io.chasqui.core.definition.DefinitionChange.QueueDeclared;
import io.chasqui.core.definition.DefinitionChange.QueueDeleted;
import io.chasqui.core.definition.DefinitionChange.VirtualHostAdded;
import io.chasqui.core.definition.DefinitionChange.VirtualHostDeleted;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DefinitionCodecTest {

    private static final Arguments EVERY_TYPE = everyType();

    private static Arguments everyType() {
        Map<String, Object> table = new LinkedHashMap<>();
        table.put("void", null);
        table.put("bool", true);
        table.put("byte", (byte) -3);
        table.put("short", (short) -300);
        table.put("signedint", -70_000);
        table.put("long", Long.MIN_VALUE);
        table.put("float", 1.5f);
        table.put("double", -0.1);
        table.put("decimal", new BigDecimal("-12.50"));
        table.put("longstr", "größer als 7 Bit: 队列");
        table.put("timestamp", Instant.ofEpochSecond(1_700_000_000L));
        table.put("binary", new byte[] {0, -1, 127});
        table.put("array", Arrays.asList("a", 1, null, List.of(), Map.of("k", "v")));
        table.put("table", Map.of("inner", Map.of()));
        return Arguments.of(table);
    }

    static Stream<DefinitionChange> changes() {
        BindingDefinition toQueue =
                new BindingDefinition("logs", DestinationKind.QUEUE, "q", "a.*", EVERY_TYPE);
        BindingDefinition toExchange =
                new BindingDefinition("logs", DestinationKind.EXCHANGE, "x", "", Arguments.EMPTY);
        return Stream.of(
                new VirtualHostAdded("/"),
                new VirtualHostDeleted(""),
                exchange(ExchangeType.DIRECT, true, false, false),
                exchange(ExchangeType.FANOUT, false, true, false),
                exchange(ExchangeType.TOPIC, false, false, true),
                new ExchangeDeleted("/", "logs"),
                queue(Long.MAX_VALUE, true, false, false),
                queue(1, false, true, false),
                queue(2, false, false, true),
                new QueueDeleted("/", "q", 7),
                new BindingAdded("/", toQueue),
                new BindingRemoved("/", toExchange),
                new DefinitionChange.PolicySet(
                        "/",
                        new PolicyDefinition(
                                PolicyKind.USER, "p", "^a", ApplyTo.ALL, -7, EVERY_TYPE)),
                new DefinitionChange.PolicySet(
                        "/",
                        new PolicyDefinition(
                                PolicyKind.OPERATOR, "p", "", ApplyTo.STREAMS, 7, EVERY_TYPE)),
                new DefinitionChange.PolicyCleared("/", PolicyKind.OPERATOR, "p"),
                new DefinitionChange.ParameterSet(
                        "/", ParameterDefinition.of("shovel", "s", EVERY_TYPE.asMap())),
                new DefinitionChange.ParameterSet("", ParameterDefinition.global("g", null)),
                new DefinitionChange.ParameterCleared("/", "shovel", "s"),
                new DefinitionChange.TopicPermissionSet(
                        "/", new TopicPermissionDefinition("u", "amq.topic", "^a", "{username}")),
                new DefinitionChange.TopicPermissionCleared("/", "u", "amq.topic"),
                new DefinitionChange.VirtualHostDescribed(
                        "/", new VirtualHostDescription("ours", List.of("a", "b"), "quorum", true)),
                new DefinitionChange.UserLimitsSet("u", EVERY_TYPE));
    }

    private static DefinitionChange exchange(
            ExchangeType type, boolean durable, boolean autoDelete, boolean internal) {
        return new ExchangeDeclared(
                "vhost",
                new ExchangeDefinition("x", type, durable, autoDelete, internal, EVERY_TYPE));
    }

    private static DefinitionChange queue(
            long id, boolean durable, boolean exclusive, boolean autoDelete) {
        return new QueueDeclared(
                "vhost", new QueueDefinition(id, "q", durable, exclusive, autoDelete, EVERY_TYPE));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void every_change_comes_back_as_it_was(DefinitionChange change) {
        assertThat(DefinitionCodec.decode(DefinitionCodec.encode(change))).isEqualTo(change);
    }

    @ParameterizedTest
    @MethodSource("changes")
    void a_change_cut_off_anywhere_is_refused(DefinitionChange change) {
        ByteBuffer whole = DefinitionCodec.encode(change);
        for (int length = 0; length < whole.limit(); length++) {
            assertRefused(whole.slice(0, length));
        }
    }

    @Test
    void it_reads_from_the_position_to_the_limit_whatever_the_byte_order() {
        DefinitionChange change = new QueueDeleted("/", "q", 258);
        ByteBuffer encoded = DefinitionCodec.encode(change);
        ByteBuffer inside = ByteBuffer.allocateDirect(100).order(ByteOrder.LITTLE_ENDIAN);
        inside.position(17).put(encoded.duplicate()).flip().position(17);

        assertThat(DefinitionCodec.decode(inside)).isEqualTo(change);
        assertThat(inside.hasRemaining()).isFalse();
    }

    @Test
    void the_order_of_arguments_is_kept() {
        QueueDeclared declared =
                (QueueDeclared)
                        DefinitionCodec.decode(
                                DefinitionCodec.encode(queue(1, true, false, false)));

        assertThat(declared.queue().arguments().names())
                .containsExactlyElementsOf(EVERY_TYPE.names());
    }

    @Test
    void an_unknown_version_is_refused() {
        ByteBuffer encoded = DefinitionCodec.encode(new VirtualHostAdded("/")).put(0, (byte) 2);

        assertRefused(encoded, "unknown version 2 of a definition");
    }

    @Test
    void an_unknown_kind_is_refused() {
        ByteBuffer encoded = DefinitionCodec.encode(new VirtualHostAdded("/")).put(1, (byte) 99);

        assertRefused(encoded, "unknown kind 99 of a definition change");
    }

    @Test
    void a_description_of_before_there_was_protection_is_read() {
        VirtualHostDescription described =
                new VirtualHostDescription("ours", List.of("a"), "quorum", false);
        ByteBuffer encoded =
                DefinitionCodec.encode(new DefinitionChange.VirtualHostDescribed("/", described));
        encoded.put(1, (byte) 20).limit(encoded.limit() - 1);

        assertThat(DefinitionCodec.decode(encoded))
                .isEqualTo(new DefinitionChange.VirtualHostDescribed("/", described));
    }

    @Test
    void octets_after_the_end_are_refused() {
        ByteBuffer encoded = DefinitionCodec.encode(new VirtualHostAdded("/"));
        ByteBuffer longer = ByteBuffer.allocate(encoded.limit() + 3).put(encoded).rewind();

        assertRefused(longer, "3 octets after the end of a definition");
    }

    @Test
    void a_length_past_the_end_takes_no_memory() {
        ByteBuffer encoded =
                ByteBuffer.allocate(6).put((byte) 1).put((byte) 1).putInt(Integer.MAX_VALUE);

        assertRefused(encoded.flip(), "a length of 2147483647 with 0 octets left");
    }

    @Test
    void a_count_past_the_end_takes_no_memory() {
        QueueDefinition queue = new QueueDefinition(1, "q", true, false, false, Arguments.EMPTY);
        ByteBuffer encoded = DefinitionCodec.encode(new QueueDeclared("/", queue));
        encoded.putInt(encoded.limit() - Integer.BYTES, Integer.MAX_VALUE);

        assertRefused(encoded, "a definition that ends too early");
    }

    @Test
    void damaged_octets_are_a_value_or_a_refusal_and_nothing_else() {
        List<DefinitionChange> changes = changes().toList();
        for (int seed = 0; seed < 50_000; seed++) {
            Random random = new Random(seed);
            ByteBuffer octets = DefinitionCodec.encode(changes.get(random.nextInt(changes.size())));
            for (int i = random.nextInt(4); i >= 0; i--) {
                octets.put(random.nextInt(octets.limit()), (byte) random.nextInt());
            }
            try {
                assertThat(DefinitionCodec.decode(octets)).isNotNull();
            } catch (DefinitionFormatException e) {
                assertThat(e).hasMessageNotContaining("null");
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private static void assertRefused(ByteBuffer octets, String message) {
        assertThatExceptionOfType(DefinitionFormatException.class)
                .isThrownBy(() -> DefinitionCodec.decode(octets))
                .withMessage(message);
    }

    private static void assertRefused(ByteBuffer octets) {
        assertThatExceptionOfType(DefinitionFormatException.class)
                .isThrownBy(() -> DefinitionCodec.decode(octets));
    }
}
