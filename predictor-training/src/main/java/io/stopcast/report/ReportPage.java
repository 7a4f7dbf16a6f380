package io.stopcast.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * An evaluation as one HTML file that needs nothing else: styles, scripts and data are in it, and its content security policy allows no
 * other and no connection.
 *
 * <p>Names of runs, tasks and metrics are strangers' text. They are in the data alone, as JSON in which {@code <}, {@code >} and {@code &}
 * are escaped, and the script lets them into the page as text only. The same evaluation gives the same bytes.
 */
final class ReportPage {
  /** The chart library; its scripts come from the webjar of this version. */
  static final String UPLOT_VERSION = "1.6.30";

  private static final String UPLOT = "/META-INF/resources/webjars/uplot/" + UPLOT_VERSION + "/dist/";
  private static final JsonMapper JSON = new JsonMapper();

  private ReportPage() {}

  /**
   * Returns the page.
   *
   * @param data as {@link ReportJson} has it
   * @param findings for each split one a price
   * @param version of this program
   */
  static String of(Map<String, Object> data, List<List<Findings>> findings, String version) {
    List<String> scripts = List.of(resource(UPLOT + "uPlot.iife.min.js"), resource("report.js"));
    List<String> styles = List.of(resource(UPLOT + "uPlot.min.css"), resource("report.css"));
    StringBuilder html = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src");
    scripts.forEach(script -> html.append(" '").append(hash(script)).append('\''));
    html.append("; style-src");
    styles.forEach(style -> html.append(" '").append(hash(style)).append('\''));
    html.append("; base-uri 'none'; form-action 'none'\">\n");
    html.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    html.append("<meta name=\"referrer\" content=\"no-referrer\">\n<title>Stopcast report</title>\n");
    styles.forEach(style -> html.append("<style>").append(style).append("</style>\n"));
    html.append("</head>\n<body>\n<header id=\"bar\" class=\"bar\"></header>\n<main>\n<div id=\"content\">\n");
    // What a reader sees whose browser runs no script: the headlines.
    html.append("<h1>Stopcast report</h1>\n");
    for (List<Findings> ofSplit : findings) {
      html.append("<h2>Split ").append(escaped(ofSplit.get(0).results().split().word())).append("</h2>\n");
      for (Findings found : ofSplit) {
        Headline headline = found.headline();
        html.append("<p>")
            .append(escaped(String.join(" ", headline.lead(), headline.beside(), headline.verdict(), headline.harm())))
            .append("</p>\n");
      }
    }
    html.append("<noscript><p>The plots and tables need JavaScript, which this browser does not run.</p></noscript>\n");
    html.append("</div>\n<footer>Stopcast ").append(escaped(version));
    html.append(". Works offline: everything is in this file.</footer>\n</main>\n");
    html.append("<script type=\"application/json\" id=\"data\">").append(json(data)).append("</script>\n");
    scripts.forEach(script -> html.append("<script>").append(script).append("</script>\n"));
    return html.append("</body>\n</html>\n").toString();
  }

  /** As JSON that no HTML parser takes for markup, and no JavaScript engine for the end of a line. */
  static String json(Object data) {
    try {
      return JSON.writeValueAsString(data)
          .replace("<", "\\u003c")
          .replace(">", "\\u003e")
          .replace("&", "\\u0026")
          .replace("\u2028", "\\u2028")
          .replace("\u2029", "\\u2029");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the report's data is no JSON: " + e.getMessage(), e);
    }
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
  }

  private static String resource(String name) {
    try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not on the class path; the report needs the jar that holds it");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As a content security policy names an inline script or style. */
  private static String hash(String inline) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(inline.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
