#include "wire/http/message.h"

#include <gtest/gtest.h>

#include "wire/http/client.h"
#include "wire/http/date.h"
#include "wire/http/http1_parser.h"

namespace fleet::http {
namespace {

TEST(Headers, CompareWithoutCase) {
  Headers headers = {{"Content-Type", "a"}, {"X", "1"}, {"x", "2, Close;q=1"}};
  EXPECT_EQ(headers.value("content-type"), "a");
  EXPECT_EQ(headers.all("X").size(), 2U);
  EXPECT_TRUE(headers.lists("x", "close"));
  EXPECT_FALSE(headers.lists("x", "clos"));
  headers.set("x", "3");
  EXPECT_EQ(headers.all("x").size(), 1U);
  EXPECT_EQ(headers.find("none"), nullptr);
}

TEST(Query, ParsesAndPrints) {
  const Query query = Query::parse("a=1&b=x%20y+z&a=2&bad=%zz&c&%3d=%26&q;r=1");
  EXPECT_EQ(query.value("a"), "1");
  EXPECT_EQ(query.all("a").size(), 2U);
  EXPECT_EQ(query.value("b"), "x y z");
  EXPECT_TRUE(query.has("c"));
  EXPECT_FALSE(query.has("bad"));
  EXPECT_EQ(query.text(), "a=1&b=x+y+z&a=2&c=&%3D=%26");
}

TEST(Url, IsTakenApart) {
  const Url url = parse_url("HTTPS://me:p%40ss@[::1]:8443/a%20b?x=1#frag").value();
  EXPECT_EQ(url.user + "|" + url.password, "me|p@ss");
  EXPECT_EQ(url.host, "::1");
  EXPECT_EQ(url.text(), "https://[::1]:8443/a%20b?x=1");
  EXPECT_EQ(parse_url("http://h").value().text(), "http://h/");
  EXPECT_EQ(parse_url("http://h?x").value().target, "/?x");
  EXPECT_EQ(parse_url("http://h:80/").value().authority(), "h");
  for (const char* bad : {"",
                          "h",
                          "ftp://h",
                          "http://",
                          "http://h:0",
                          "http://h:99999",
                          "http://a b",
                          "http://h/\r\n",
                          "http://[::1",
                          "http://h\\x"}) {
    EXPECT_FALSE(parse_url(bad).ok()) << bad;
  }
  EXPECT_EQ(parse_url("ftp://me:secret@h/").error().message().find("secret"), std::string::npos);
}

TEST(Url, ResolvesReferences) {
  const Url base = parse_url("http://h/a/b?q").value();
  EXPECT_EQ(resolve_url(base, "/x").value().text(), "http://h/x");
  EXPECT_EQ(resolve_url(base, "c?y").value().text(), "http://h/a/c?y");
  EXPECT_EQ(resolve_url(base, "../c").value().text(), "http://h/c");
  EXPECT_EQ(resolve_url(base, "?z").value().text(), "http://h/a/b?z");
  EXPECT_EQ(resolve_url(base, "//o/p").value().text(), "http://o/p");
  EXPECT_EQ(resolve_url(base, "https://o/p").value().text(), "https://o/p");
}

TEST(Proxy, FollowsNoProxy) {
  const ProxySettings settings = {
      "p:3128", "http://q:3128", "example.com, .internal,10.0.0.0/8,1.2.3.4,h:8080"};
  const auto proxy = [&](const char* url) { return settings.proxy_for(parse_url(url).value()); };
  EXPECT_EQ(proxy("http://other.org/"), "http://p:3128");
  EXPECT_EQ(proxy("https://other.org/"), "http://q:3128");
  for (const char* direct : {"http://example.com/",
                             "http://a.example.com/",
                             "https://x.internal/",
                             "http://10.9.8.7/",
                             "http://1.2.3.4/",
                             "http://h:8080/",
                             "http://localhost/",
                             "http://127.0.0.9/",
                             "http://[::1]/"}) {
    EXPECT_EQ(proxy(direct), "") << direct;
  }
  EXPECT_NE(proxy("http://internal/"), "");
  EXPECT_NE(proxy("http://notexample.com/"), "");
  EXPECT_NE(proxy("http://h:81/"), "");
}

TEST(Date, IsWrittenAsHttpWants) {
  EXPECT_EQ(http_date(*parse_rfc3339("1994-11-06T08:49:37Z")), "Sun, 06 Nov 1994 08:49:37 GMT");
}

// All events of a text that comes in pieces of `step` bytes.
std::string events(Http1Parser& parser, const std::string& text, size_t step) {
  std::string log;
  std::string held;
  for (size_t at = 0; at < text.size(); at += step) {
    held += text.substr(at, step);
    std::string_view rest = held;
    for (auto e = parser.next(rest); e != Http1Parser::Event::NeedMore; e = parser.next(rest)) {
      if (e == Http1Parser::Event::Head)
        log += "[" + parser.head().method + parser.head().target + "]";
      if (e == Http1Parser::Event::Body) log += parser.piece();
      if (e == Http1Parser::Event::End) log += "$";
      if (e == Http1Parser::Event::Error) return log + std::to_string(parser.error_status());
    }
    held = std::string(rest);
  }
  return log;
}

struct ParserCase {
  const char* rule;
  const char* text;
  const char* want;
};
constexpr ParserCase kRequests[] = {
    {"no body", "GET /a HTTP/1.1\r\nHost: h\r\n\r\n", "[GET/a]$"},
    {"bare line feeds", "GET / HTTP/1.1\nHost: h\n\n", "[GET/]$"},
    {"a length",
     "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcGET / HTTP/1.0\r\n\r\n",
     "[POST/]abc$[GET/]$"},
    {"chunks, extensions and trailers",
     "PUT / HTTP/1.1\r\nTransfer-Encoding: "
     "chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nT: "
     "1\r\n\r\nGET / HTTP/1.1\r\n\r\n",
     "[PUT/]abc0123456789$[GET/]$"},
    {"empty lines before", "\r\n\r\nGET / HTTP/1.1\r\n\r\n", "[GET/]$"},
    {"length and chunks",
     "GET / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
     "400"},
    {"two lengths", "GET / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n", "400"},
    {"a signed length", "GET / HTTP/1.1\r\nContent-Length: -3\r\n\r\n", "400"},
    {"another coding", "GET / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "501"},
    {"a blank before the colon", "GET / HTTP/1.1\r\nHost : h\r\n\r\n", "400"},
    {"a folded line", "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n", "400"},
    {"another version", "GET / HTTP/3.0\r\n\r\n", "505"},
    {"no version", "GET /\r\n\r\n", "400"},
    {"two blanks", "GET  / HTTP/1.1\r\n\r\n", "400"},
    {"a bad chunk size",
     "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
     "[PUT/]400"},
    {"a bad chunk end",
     "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n",
     "[PUT/]a400"},
    {"a body over the limit", "PUT / HTTP/1.1\r\nContent-Length: 101\r\n\r\n", "413"},
    {"chunks over the limit",
     "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n",
     "[PUT/]413"},
};

TEST(Http1Parser, ReadsRequestsInAnyPieces) {
  for (const ParserCase& c : kRequests) {
    for (const size_t step : {1, 2, 3, 7, 1000}) {
      SCOPED_TRACE(std::string(c.rule) + " by " + std::to_string(step));
      Http1Parser parser(Http1Parser::Role::Request, 200, 100);
      EXPECT_EQ(events(parser, c.text, step), c.want);
    }
  }
}

TEST(Http1Parser, LimitsTheHead) {
  Http1Parser parser(Http1Parser::Role::Request, 50, 100);
  EXPECT_EQ(events(parser, "GET / HTTP/1.1\r\nA: " + std::string(60, 'x'), 10), "431");
}

TEST(Http1Parser, ReadsAnswers) {
  Http1Parser parser(Http1Parser::Role::Response, 200, 100);
  EXPECT_EQ(events(parser, "HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\n\r\nrest", 3),
            "[]$[]rest");
  EXPECT_EQ(parser.finish(), Http1Parser::Event::End);
  Http1Parser cut(Http1Parser::Role::Response, 200, 100);
  events(cut, "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc", 100);
  EXPECT_EQ(cut.finish(), Http1Parser::Event::Error);
  Http1Parser head(Http1Parser::Role::Response, 200, 100);
  head.set_answers_head(true);
  EXPECT_EQ(events(head, "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n", 100), "[]$");
}

}  // namespace
}  // namespace fleet::http
