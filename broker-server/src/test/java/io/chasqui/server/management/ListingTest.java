package io.chasqui.server.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chasqui.core.security.Accounts;
import io.chasqui.server.http.Json;
import io.chasqui.server.http.Request;
import io.chasqui.server.http.Response;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ListingTest {

    private static final List<Map<String, Object>> OBJECTS =
            List.of(
                    object("alpha", 5L),
                    object("beta", 1L),
                    object("Gamma", 3L),
                    object("delta", 2L));

    private static Map<String, Object> object(String name, long messages) {
        return Map.of("name", name, "messages", messages, "stats", Map.of("in", messages * 10));
    }

    private static Call asking(String query) {
        Request request =
                new Request(
                        "GET",
                        "/",
                        Map.of(),
                        new QueryStringDecoder("/?" + query).parameters(),
                        new DefaultHttpHeaders(),
                        new byte[0],
                        InetSocketAddress.createUnresolved("test", 1));
        return new Call(request, new Caller("test", List.of(), new Accounts()));
    }

    private static Map<String, Object> page(String query) throws Exception {
        return Json.readObject(octets(Listing.paged(asking(query), OBJECTS)));
    }

    private static List<Map<String, Object>> list(String query) throws Exception {
        return Json.readObjects(octets(Listing.paged(asking(query), OBJECTS)));
    }

    private static byte[] octets(Response response) {
        return ((Response.Body.Whole) response.body()).octets();
    }

    private static List<Object> names(Object items) {
        return ((List<?>) items)
                .stream().<Object>map(each -> ((Map<?, ?>) each).get("name")).toList();
    }

    @Test
    void without_a_page_the_list_is_whole_and_a_name_says_nothing() throws Exception {
        assertThat(names(list("name=beta&use_regex=true")))
                .containsExactly("alpha", "beta", "Gamma", "delta");
    }

    @Test
    void a_page_tells_how_many_there_are() throws Exception {
        Map<String, Object> page = page("page=2&page_size=3");
        assertThat(names(page.remove("items"))).containsExactly("delta");
        assertThat(page)
                .isEqualTo(
                        Map.of(
                                "filtered_count", 4,
                                "item_count", 1,
                                "page", 2,
                                "page_count", 2,
                                "page_size", 3,
                                "total_count", 4));
    }

    @Test
    void a_name_is_looked_for_anywhere_and_in_either_case() throws Exception {
        Map<String, Object> page = page("page=1&name=AM");
        assertThat(names(page.get("items"))).containsExactly("Gamma");
        assertThat(page).containsEntry("filtered_count", 1).containsEntry("total_count", 4);
    }

    @Test
    void a_pattern_is_matched_and_an_invalid_one_matches_nothing() throws Exception {
        assertThat(names(page("page=1&name=%5E.e&use_regex=true").get("items")))
                .containsExactly("beta", "delta");
        assertThat(names(page("page=1&name=(&use_regex=true").get("items"))).isEmpty();
    }

    @Test
    void an_empty_name_excludes_nothing() throws Exception {
        assertThat(page("page=1&name=&use_regex=true")).containsEntry("filtered_count", 4);
    }

    @Test
    void objects_are_sorted_by_any_field() throws Exception {
        assertThat(names(list("sort=messages"))).containsExactly("beta", "delta", "Gamma", "alpha");
        assertThat(names(list("sort=stats.in&sort_reverse=true")))
                .containsExactly("alpha", "Gamma", "delta", "beta");
        assertThat(names(list("sort=nosuch"))).containsExactly("alpha", "beta", "Gamma", "delta");
    }

    @Test
    void columns_reach_into_objects() throws Exception {
        assertThat(list("columns=name,stats.in,stats.nosuch,nosuch").getFirst())
                .isEqualTo(Map.of("name", "alpha", "stats", Map.of("in", 50)));
    }

    @Test
    void pages_that_are_not_there_are_refused_in_rabbitmqs_words() {
        assertThatThrownBy(() -> page("page=0"))
                .hasMessage(
                        "invalid_pagination_parameters: Invalid pagination parameters: page number"
                                + " 0, page size undefined");
        assertThatThrownBy(() -> page("page=1&page_size=501"))
                .hasMessage(
                        "invalid_pagination_parameters: Invalid pagination parameters: page number"
                                + " 1, page size 501");
        assertThatThrownBy(() -> page("page=9"))
                .hasMessage("page_out_of_range: Page out of range, page: 9 page size: 100, len: 4");
        assertThatThrownBy(() -> page("page=a"))
                .hasMessage("bad_request: Pagination parameters are invalid");
    }
}
