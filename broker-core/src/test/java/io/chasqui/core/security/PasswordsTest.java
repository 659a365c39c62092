package io.chasqui.core.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.chasqui.core.definition.PasswordHash;
import io.chasqui.core.refusal.Refusal;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PasswordsTest {

    private final Passwords passwords = new Passwords(new Random(1), 1000);

    @Test
    void the_password_matches_its_hash_and_no_other_does() {
        PasswordHash hash = passwords.hash("größer 队列");
        assertThat(passwords.matches(hash, "größer 队列")).isTrue();
        assertThat(passwords.matches(hash, "grösser 队列")).isFalse();
        assertThat(passwords.matches(hash, "")).isFalse();
    }

    @Test
    void equal_passwords_have_different_hashes() {
        assertThat(passwords.hash("p")).isNotEqualTo(passwords.hash("p"));
    }

    @Test
    void a_hash_keeps_the_iterations_it_was_made_with() {
        PasswordHash old = new Passwords(new Random(2), 10).hash("p");
        assertThat(old.iterations()).isEqualTo(10);
        assertThat(passwords.matches(old, "p")).isTrue();
    }

    @Test
    void without_a_password_none_matches() {
        assertThat(passwords.matches(PasswordHash.NONE, "")).isFalse();
        assertThat(passwords.matches(PasswordHash.NONE, "p")).isFalse();
    }

    /** Hashes that RabbitMQ 4.3.6 made. */
    @ParameterizedTest
    @CsvSource({
        "'', x, yUK+fapliZAhjjARqr5GPZ87YsK/40EFHxP/PxgTn0+aqX5h",
        "rabbit_password_hashing_sha256, p, HT7gop7ZkKBAGrVkBcUG6PaHtbMFxJ/bXoIT9CLwA5Uja9zm",
        "rabbit_password_hashing_sha256, guest, VCE+UrejMATBvaK4f3mH7rzP63uwcGPXE/BOJ9+epzSaRAHt"
    })
    void rabbitmqs_hashes_are_understood(String algorithm, String password, String text) {
        PasswordHash hash = RabbitHash.of(algorithm, text);
        assertThat(passwords.matches(hash, password)).isTrue();
        assertThat(passwords.matches(hash, password + "x")).isFalse();
    }

    @Test
    void rabbitmqs_sha512_is_understood() {
        // salt 01020304, password secret
        PasswordHash hash =
                RabbitHash.of(
                        "rabbit_password_hashing_sha512",
                        "AQIDBPhTH2L5HGYB1LWOrn+YpvuQmVOXKGqgsuiJRIZTILRoEvblSJo/WAsy"
                                + "m3IZTfuaIaK5KR2o5KwFfTv6KsxfMIE=");
        assertThat(passwords.matches(hash, "secret")).isTrue();
    }

    @Test
    void rabbitmqs_md5_is_understood() {
        // salt 01020304, password secret
        PasswordHash hash =
                RabbitHash.of("rabbit_password_hashing_md5", "AQIDBDgk9ci8Lfh6CKE9Y0AUfmU=");
        assertThat(passwords.matches(hash, "secret")).isTrue();
        assertThat(RabbitHash.algorithm(hash)).isEqualTo("rabbit_password_hashing_md5");
    }

    @ParameterizedTest
    @CsvSource({
        "rabbit_password_hashing_sha256, not base64!",
        "pbkdf2_hmac_sha512, AAAA",
    })
    void what_is_no_such_hash_is_refused(String algorithm, String text) {
        assertThatExceptionOfType(Refusal.PreconditionFailed.class)
                .isThrownBy(() -> RabbitHash.of(algorithm, text));
    }

    @ParameterizedTest
    @CsvSource({"rabbit_password_hashing_sha256, AAAA", "rabbit_password_hashing_nosuch, AAAAAAAA"})
    void what_cannot_be_checked_is_kept_and_lets_nobody_in(String algorithm, String text) {
        PasswordHash hash = RabbitHash.of(algorithm, text);
        assertThat(RabbitHash.algorithm(hash)).isEqualTo(algorithm);
        assertThat(RabbitHash.text(hash)).isEqualTo(text);
        assertThat(passwords.matches(hash, "")).isFalse();
        assertThat(passwords.matches(hash, "secret")).isFalse();
    }

    @Test
    void a_hash_made_for_rabbitmq_is_of_its_kind() {
        PasswordHash hash = passwords.rabbitHash("secret");
        assertThat(RabbitHash.of("", RabbitHash.text(hash))).isEqualTo(hash);
        assertThat(passwords.matches(hash, "secret")).isTrue();
    }

    @Test
    void texts_of_hashes_and_attempts_show_no_secret() {
        assertThat(passwords.hash("tell-nobody").toString()).doesNotContain("tell-nobody");
        assertThat(new LoginAttempt("u", "tell-nobody", "192.0.2.1", false, () -> true).toString())
                .doesNotContain("tell-nobody");
    }

    @Test
    void a_hash_written_down_is_read_again() {
        PasswordHash ours = passwords.hash("secret");
        PasswordHash again = RabbitHash.of(RabbitHash.algorithm(ours), RabbitHash.text(ours));
        assertThat(again).isEqualTo(ours);
        assertThat(passwords.matches(again, "secret")).isTrue();
        assertThat(RabbitHash.of("", RabbitHash.text(PasswordHash.NONE)))
                .isEqualTo(PasswordHash.NONE);
    }
}
