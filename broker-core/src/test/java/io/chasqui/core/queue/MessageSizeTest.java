package io.chasqui.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageSizeTest {

    private static final int LARGEST_RECORD = 4 << 20;

    @ParameterizedTest
    @CsvSource({"40, 0", "100, 7", "551, 40", "4194304, 4194000"})
    void record_and_body_are_told_exactly(int recordBytes, int bodyBytes) {
        int size = MessageSize.of(recordBytes, bodyBytes);
        assertThat(MessageSize.recordBytes(size)).isEqualTo(recordBytes);
        assertThat(MessageSize.bodyBytes(size, false)).isEqualTo(bodyBytes);
    }

    @Test
    void what_is_beyond_511_bytes_of_properties_counts_as_body() {
        int size = MessageSize.of(2000, 0);
        assertThat(MessageSize.recordBytes(size)).isEqualTo(2000);
        assertThat(MessageSize.bodyBytes(size, false)).isEqualTo(2000 - 511);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "1048576, 1", "1048577, 2", "535822336, 511", "536870912, 511"})
    void a_body_in_parts_counts_in_whole_mebibytes(long bodyBytes, long mebibytes) {
        int size = MessageSize.ofLarge(LARGEST_RECORD, bodyBytes);
        assertThat(MessageSize.recordBytes(size)).isEqualTo(LARGEST_RECORD);
        assertThat(MessageSize.bodyBytes(size, true)).isEqualTo(mebibytes << 20);
    }
}
