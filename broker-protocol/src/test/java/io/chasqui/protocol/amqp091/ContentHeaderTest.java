package io.chasqui.protocol.amqp091;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.impl.AMQContentHeader;
import com.rabbitmq.client.impl.AMQImpl;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Date;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** 0-9-1 §4.2.6.1, the content header. */
class ContentHeaderTest {

    private static final BasicProperties ALL =
            BasicProperties.builder()
                    .contentType("text/plain")
                    .contentEncoding("gzip")
                    .headers(FieldTable.of("x", 1, "y", "ä"))
                    .deliveryMode(2)
                    .priority(9)
                    .correlationId("c-1")
                    .replyTo("amq.rabbitmq.reply-to")
                    .expiration("60000")
                    .messageId("m-1")
                    .timestamp(new Timestamp(1_700_000_000L))
                    .type("order")
                    .userId("guest")
                    .appId("app")
                    .clusterId("cl")
                    .build();

    private static ByteBuffer payload(long bodySize, BasicProperties properties) {
        ByteBuffer out = ByteBuffer.allocate(ContentHeader.PREFIX_SIZE + properties.size());
        ContentHeader.writePrefix(out, bodySize);
        properties.write(out);
        assertThat(out.hasRemaining()).isFalse();
        return out;
    }

    /** Every combination of the fourteen properties. */
    static IntStream combinations() {
        return IntStream.range(0, 1 << 14);
    }

    @Test
    void every_combination_of_properties_reads_back_whole_and_one_by_one() {
        combinations().forEach(ContentHeaderTest::check);
    }

    private static void check(int combination) {
        int flags = combination << 2;
        BasicProperties properties = only(flags);
        ByteBuffer in = payload(5, properties);

        ContentHeader.validate(in, 0, in.capacity());

        assertThat(ContentHeader.propertyFlags(in, 0)).isEqualTo(flags);
        assertThat(BasicProperties.read(in, 0, in.capacity())).isEqualTo(properties);
        assertThat(ContentHeader.deliveryMode(in, 0))
                .isEqualTo(properties.deliveryMode() == null ? 0 : 2);
        assertThat(ContentHeader.priority(in, 0)).isEqualTo(properties.priority() == null ? -1 : 9);
        assertThat(ContentHeader.expiration(in, 0).orElse(null)).isEqualTo(properties.expiration());
        assertThat(ContentHeader.text(in, 0, BasicProperty.CLUSTER_ID).orElse(null))
                .isEqualTo(properties.clusterId());
        assertThat(ContentHeader.headersSize(in, 0))
                .isEqualTo(properties.headers() == null ? 0 : properties.headers().entriesSize());
    }

    private static BasicProperties only(int flags) {
        BasicProperties.Builder builder = BasicProperties.builder();
        for (BasicProperty property : BasicProperty.values()) {
            if ((flags & property.flag()) == 0) {
                continue;
            }
            switch (property) {
                case CONTENT_TYPE -> builder.contentType(ALL.contentType());
                case CONTENT_ENCODING -> builder.contentEncoding(ALL.contentEncoding());
                case HEADERS -> builder.headers(ALL.headers());
                case DELIVERY_MODE -> builder.deliveryMode(ALL.deliveryMode());
                case PRIORITY -> builder.priority(ALL.priority());
                case CORRELATION_ID -> builder.correlationId(ALL.correlationId());
                case REPLY_TO -> builder.replyTo(ALL.replyTo());
                case EXPIRATION -> builder.expiration(ALL.expiration());
                case MESSAGE_ID -> builder.messageId(ALL.messageId());
                case TIMESTAMP -> builder.timestamp(ALL.timestamp());
                case TYPE -> builder.type(ALL.type());
                case USER_ID -> builder.userId(ALL.userId());
                case APP_ID -> builder.appId(ALL.appId());
                case CLUSTER_ID -> builder.clusterId(ALL.clusterId());
            }
        }
        return builder.build();
    }

    @Test
    void the_client_reads_what_we_write() throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(1000);
        FrameWriter.contentHeader(frame, 7, 42, ALL);
        byte[] payload = Arrays.copyOfRange(frame.array(), 7, frame.position() - 1);

        AMQContentHeader read =
                AMQImpl.readContentHeaderFrom(
                        new DataInputStream(new ByteArrayInputStream(payload)));

        AMQP.BasicProperties theirs = (AMQP.BasicProperties) read;
        assertThat(theirs.getBodySize()).isEqualTo(42);
        assertThat(theirs.getContentType()).isEqualTo("text/plain");
        assertThat(theirs.getContentEncoding()).isEqualTo("gzip");
        assertThat(theirs.getHeaders()).containsEntry("x", 1).hasSize(2);
        assertThat(theirs.getDeliveryMode()).isEqualTo(2);
        assertThat(theirs.getPriority()).isEqualTo(9);
        assertThat(theirs.getCorrelationId()).isEqualTo("c-1");
        assertThat(theirs.getReplyTo()).isEqualTo("amq.rabbitmq.reply-to");
        assertThat(theirs.getExpiration()).isEqualTo("60000");
        assertThat(theirs.getMessageId()).isEqualTo("m-1");
        assertThat(theirs.getTimestamp()).isEqualTo(new Date(1_700_000_000_000L));
        assertThat(theirs.getType()).isEqualTo("order");
        assertThat(theirs.getUserId()).isEqualTo("guest");
        assertThat(theirs.getAppId()).isEqualTo("app");
        assertThat(theirs.getClusterId()).isEqualTo("cl");
    }

    @Test
    void we_read_what_the_client_writes() throws IOException {
        AMQP.BasicProperties theirs =
                new AMQP.BasicProperties.Builder()
                        .contentType("text/plain")
                        .contentEncoding("gzip")
                        .headers(Map.of("x", 1))
                        .deliveryMode(2)
                        .priority(9)
                        .correlationId("c-1")
                        .replyTo("amq.rabbitmq.reply-to")
                        .expiration("60000")
                        .messageId("m-1")
                        .timestamp(new Date(1_700_000_000_000L))
                        .type("order")
                        .userId("guest")
                        .appId("app")
                        .clusterId("cl")
                        .build();
        ByteBuffer in = ByteBuffer.wrap(theirs.toFrame(1, 42).getPayload());

        BasicProperties read = BasicProperties.read(in, 0, in.limit());

        assertThat(ContentHeader.bodySize(in, 0)).isEqualTo(42);
        assertThat(read.headers()).isEqualTo(FieldTable.of("x", 1));
        assertThat(read).usingRecursiveComparison().ignoringFields("headers").isEqualTo(ALL);
    }

    @Test
    void a_copied_header_is_the_header_that_was_copied() {
        ByteBuffer kept = payload(3, ALL);
        ByteBuffer out = ByteBuffer.allocate(1000);
        ByteBuffer same = ByteBuffer.allocate(1000);

        FrameWriter.contentHeader(out, 5, 3, kept, ContentHeader.PREFIX_SIZE, kept.capacity() - 12);
        FrameWriter.contentHeader(same, 5, 3, ALL);

        assertThat(out).isEqualTo(same);
        assertThat(out.array()).isEqualTo(same.array());
    }

    @Test
    void a_header_cut_off_anywhere_is_a_syntax_error() {
        ByteBuffer in = payload(3, ALL);

        for (int size = 0; size < in.capacity(); size++) {
            ByteBuffer cut = in.slice(0, size);
            assertThatThrownBy(() -> ContentHeader.validate(cut, 0, cut.limit()))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageStartingWith("SYNTAX_ERROR - ");
        }
    }

    @Test
    void octets_after_the_last_property_are_a_syntax_error() {
        ByteBuffer in = ByteBuffer.allocate(15);
        ContentHeader.writePrefix(in, 0);

        refused(in, "SYNTAX_ERROR - 1 octets after the last content property");
    }

    @Test
    void flags_without_a_property_are_a_syntax_error() {
        ByteBuffer in = payload(0, BasicProperties.EMPTY);

        refused(in.putShort(12, (short) 1), "SYNTAX_ERROR - undefined content property flags");
        refused(in.putShort(12, (short) 2), "SYNTAX_ERROR - undefined content property flags");
    }

    @Test
    void another_class_or_a_weight_is_an_unexpected_frame_as_with_rabbitmq() {
        refused(
                payload(0, ALL).putShort(0, (short) 50),
                "UNEXPECTED_FRAME - expected content header for class 60,"
                        + " got one for class 50 instead");
        refused(
                payload(0, ALL).putShort(2, (short) 1),
                "UNEXPECTED_FRAME - expected content header for class 60,"
                        + " got non content header frame instead");
    }

    @ParameterizedTest
    @MethodSource("hugeSizes")
    void a_body_size_beyond_the_hard_limit_is_a_frame_error(long size) {
        refused(
                payload(size, ALL),
                "FRAME_ERROR - content body size "
                        + Long.toUnsignedString(size)
                        + " exceeds maximum allowed size 536870912");
    }

    static long[] hugeSizes() {
        return new long[] {536_870_913L, Long.MAX_VALUE, Long.MIN_VALUE, -1};
    }

    @Test
    void the_largest_body_passes() {
        ByteBuffer in = payload(536_870_912L, ALL);

        ContentHeader.validate(in, 0, in.capacity());

        assertThat(ContentHeader.bodySize(in, 0)).isEqualTo(536_870_912L);
    }

    private static void refused(ByteBuffer in, String text) {
        assertThatThrownBy(() -> ContentHeader.validate(in, 0, in.capacity()))
                .isInstanceOfSatisfying(
                        ProtocolException.class,
                        e -> {
                            assertThat(e.text()).isEqualTo(text);
                            assertThat(e.classId()).isEqualTo(60);
                            assertThat(e.methodId()).isEqualTo(40);
                        });
    }

    @Test
    void a_malformed_header_table_is_a_syntax_error_before_anybody_uses_it() {
        BasicProperties properties =
                BasicProperties.builder().headers(FieldTable.of("n", 1)).build();
        ByteBuffer in = payload(0, properties);

        refused(in.put(in.capacity() - 5, (byte) '?'), "SYNTAX_ERROR - unknown field type 63");
    }

    @Test
    void text_that_is_not_utf_8_travels_on() {
        BasicProperties properties =
                BasicProperties.builder()
                        .correlationId("xx")
                        .headers(FieldTable.of("n", 1))
                        .build();
        ByteBuffer in = payload(0, properties);
        in.put(in.capacity() - 1, (byte) 0xFF);
        in.put(19, (byte) 0xFE);

        BasicProperties read = BasicProperties.read(in, 0, in.capacity());

        assertThat(read.correlationId()).isEqualTo("x\uFFFD");
        assertThat(read.headers().asMap()).containsOnlyKeys("\uFFFD");
    }

    @ParameterizedTest
    @EnumSource(BasicProperty.class)
    void an_absent_property_is_nowhere(BasicProperty property) {
        ByteBuffer in = payload(0, BasicProperties.EMPTY);

        assertThat(ContentHeader.has(in, 0, property)).isFalse();
        assertThat(ContentHeader.propertyAt(in, 0, property)).isEqualTo(-1);
        assertThat(ContentHeader.headersAt(in, 0)).isEqualTo(-1);
    }

    @Test
    void text_is_asked_of_text_only() {
        ByteBuffer in = payload(0, ALL);

        assertThatThrownBy(() -> ContentHeader.text(in, 0, BasicProperty.PRIORITY))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
