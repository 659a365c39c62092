package io.chasqui.protocol.amqp091;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.impl.AMQImpl;
import com.rabbitmq.client.impl.LongStringHelper;
import com.rabbitmq.client.impl.ValueWriter;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SaslTest {

    @Test
    void plain_is_nobody_nul_user_nul_password() {
        assertThat(SaslPlain.parse(LongString.of("\0guest\0secret ä")))
                .isEqualTo(new Credentials("guest", "secret ä"));
    }

    @Test
    void plain_may_repeat_the_user_as_whom_to_act() {
        assertThat(SaslPlain.parse(LongString.of("guest\0guest\0x")).username()).isEqualTo("guest");
    }

    @Test
    void an_empty_password_is_left_to_the_one_who_checks_it() {
        assertThat(SaslPlain.parse(LongString.of("\0guest\0")))
                .isEqualTo(new Credentials("guest", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "\0", "guest", "\0guest", "admin\0guest\0x", "\0guest\0x\0", "\0\0\0"})
    void any_other_plain_response_is_a_syntax_error_that_does_not_quote_it(String response) {
        assertThatThrownBy(() -> SaslPlain.parse(LongString.of(response)))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("SYNTAX_ERROR - PLAIN response invalid");
    }

    @Test
    void plain_is_utf_8() {
        assertThatThrownBy(() -> SaslPlain.parse(LongString.of(new byte[] {0, 'a', 0, -1})))
                .isInstanceOf(ProtocolException.class);
    }

    @Test
    void amqplain_is_a_table_without_its_size() throws IOException {
        ByteArrayOutputStream table = new ByteArrayOutputStream();
        new ValueWriter(new DataOutputStream(table))
                .writeTable(Map.of("LOGIN", "guest", "PASSWORD", "secret"));
        byte[] entries = Arrays.copyOfRange(table.toByteArray(), 4, table.size());

        assertThat(SaslAmqPlain.parse(LongString.of(entries)))
                .isEqualTo(new Credentials("guest", "secret"));
    }

    @Test
    void amqplain_needs_both_as_strings() {
        for (FieldTable table :
                new FieldTable[] {
                    FieldTable.EMPTY,
                    FieldTable.of("LOGIN", "guest"),
                    FieldTable.of("LOGIN", "guest", "PASSWORD", 1)
                }) {
            ByteBuffer out = ByteBuffer.allocate(table.entriesSize());
            table.writeEntries(out);
            assertThatThrownBy(() -> SaslAmqPlain.parse(LongString.of(out.array())))
                    .hasMessage(
                            "SYNTAX_ERROR - AMQPLAIN auth info is missing LOGIN or PASSWORD field");
        }
    }

    @Test
    void the_start_ok_of_the_java_client_carries_a_plain_response() throws IOException {
        AMQImpl.Connection.StartOk theirs =
                new AMQImpl.Connection.StartOk(
                        Map.of(),
                        "PLAIN",
                        LongStringHelper.asLongString("\0guest\0guest"),
                        "en_US");
        ByteBuffer payload = ByteBuffer.wrap(theirs.toFrame(0).getPayload());

        ConnectionMethod.StartOk ours =
                (ConnectionMethod.StartOk) MethodReader.read(payload, 0, payload.limit());

        assertThat(ours.mechanism()).isEqualTo(SaslPlain.MECHANISM);
        assertThat(SaslPlain.parse(ours.response())).isEqualTo(new Credentials("guest", "guest"));
    }

    @Test
    void nothing_prints_a_password() {
        assertThat(new Credentials("guest", "secret").toString())
                .contains("guest")
                .doesNotContain("secret");
        assertThat(
                        new ConnectionMethod.StartOk(
                                        FieldTable.EMPTY,
                                        "PLAIN",
                                        LongString.of("\0guest\0secret"),
                                        "en_US")
                                .toString())
                .doesNotContain("secret");
    }
}
