package io.chasqui.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chasqui.server.http.Router.Found;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RouterTest {

    private static final Handler QUEUE = _ -> Response.empty(204);
    private static final Handler OTHER = _ -> Response.empty(204);

    private final Router router =
            new Router()
                    .get("/api/queues/{vhost}/{name}", QUEUE)
                    .put("/api/queues/{vhost}/{name}", OTHER)
                    .post("/api/only-post", OTHER);

    @Test
    void an_encoded_slash_is_part_of_a_segment() {
        assertThat(router.find("GET", "/api/queues/%2F/a%2Fb%20c+d"))
                .isEqualTo(new Found.Target(QUEUE, Map.of("vhost", "/", "name", "a/b c+d")));
    }

    @Test
    void names_may_be_any_text() {
        assertThat(router.find("GET", "/api/queues/%C3%BC/.."))
                .isEqualTo(new Found.Target(QUEUE, Map.of("vhost", "ü", "name", "..")));
    }

    @Test
    void a_slash_at_the_end_does_not_matter() {
        assertThat(router.find("GET", "/api/queues/v/n/")).isInstanceOf(Found.Target.class);
    }

    @Test
    void the_method_chooses_between_equal_paths_and_head_is_answered_by_get() {
        assertThat(((Found.Target) router.find("PUT", "/api/queues/v/n")).handler())
                .isSameAs(OTHER);
        assertThat(((Found.Target) router.find("HEAD", "/api/queues/v/n")).handler())
                .isSameAs(QUEUE);
    }

    @Test
    void another_method_is_told_which_there_are() {
        assertThat(router.find("DELETE", "/api/queues/v/n"))
                .isEqualTo(new Found.OtherMethods("GET, HEAD, OPTIONS, PUT"));
        assertThat(router.find("GET", "/api/only-post"))
                .isEqualTo(new Found.OtherMethods("OPTIONS, POST"));
    }

    @Test
    void what_is_not_there_is_not_found() {
        assertThat(router.find("GET", "/api/queues/v")).isEqualTo(new Found.Nothing());
        assertThat(router.find("GET", "/api/queues/v/n/more")).isEqualTo(new Found.Nothing());
        assertThat(router.find("OPTIONS", "*")).isEqualTo(new Found.Nothing());
    }

    @Test
    void broken_encoding_is_an_error() {
        assertThatThrownBy(() -> router.find("GET", "/api/queues/%zz/n"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
