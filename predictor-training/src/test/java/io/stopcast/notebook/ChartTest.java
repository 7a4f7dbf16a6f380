package io.stopcast.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class ChartTest {
  private static Document parsed(Chart... charts) throws Exception {
    String svg = Chart.svg(List.of(charts));
    return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void svg_hostileNames_stayText() throws Exception {
    String hostile = "</text><script>alert(1)</script>&\u0000\"";
    Document page = parsed(Chart.of(hostile, hostile, hostile).line(hostile, new double[] {0, 1}, new double[] {0, 1}));
    assertEquals(0, page.getElementsByTagName("script").getLength());
    assertEquals("</text><script>alert(1)</script>&?\"", page.getElementsByTagName("text").item(0).getTextContent());
  }

  @Test
  void svg_nanInterruptsALine_andTheAxesSpanTheRest() throws Exception {
    double nan = Double.NaN;
    Document page = parsed(Chart.of("t", "x", "y").line("l", new double[] {0, 5, 5, 10, 7}, new double[] {0, 10, nan, 10, 0}));
    Element path = (Element) page.getElementsByTagName("path").item(0);
    // The plot's corners are 62..466 and 274..34.
    assertEquals("M62.0 274.0 L264.0 34.0 M466.0 34.0 L344.8 274.0", path.getAttribute("d"));
  }

  @Test
  void svg_stepsHoldUntilTheNext_dotsAreCircles() throws Exception {
    Document page = parsed(Chart.of("t", "x", "y").steps("s", new double[] {0, 10}, new double[] {0, 10}).mark("m", 10, 0));
    assertEquals("M62.0 274.0 H466.0 V34.0", ((Element) page.getElementsByTagName("path").item(0)).getAttribute("d"));
    assertEquals("466.0", ((Element) page.getElementsByTagName("circle").item(0)).getAttribute("cx"));
  }

  @Test
  void svg_nothingOrOneValue_isDrawn() throws Exception {
    for (double[] values : new double[][] {{}, {Double.NaN}, {3}, {1e12}, {-1e-9}}) {
      String svg = Chart.svg(List.of(Chart.of("t", "x", "y").dots("d", values, values)));
      assertFalse(svg.contains("NaN") || svg.contains("Infinity"), svg);
    }
  }

  @Test
  void svg_fourCharts_areTwoRows() throws Exception {
    Chart chart = Chart.of("t", "x", "y");
    assertEquals("0 0 1440 640", parsed(chart, chart, chart, chart).getDocumentElement().getAttribute("viewBox"));
  }

  @Test
  void line_unequalLengths_isRefused() {
    assertEquals(
        "series 'l' needs as many x as y, but has 1 and 2",
        assertThrows(
                IllegalArgumentException.class, () -> Chart.of("t", "x", "y").line("l", new double[1], new double[2]))
            .getMessage());
  }
}
