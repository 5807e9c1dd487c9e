package beras.data.rows;

import beras.data.DataException;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.ZipException;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * A part of a workbook, which is XML, tag after tag. Names are without their namespaces, of which there are two generations.
 * Nothing outside the part is read, a DTD has no effect, and a single tag or text has a bounded size.
 */
final class XmlPart implements Closeable {

    /** So many bytes may come between two events, or a text in a cell have characters. */
    static final int LARGEST = 1 << 24;

    private static final String DEEPEST = "http://www.oracle.com/xml/jaxp/properties/maxElementDepth";
    private static final int MOST_ELEMENTS_WITHIN = 64;

    private final DataFile file;
    private final String name;
    private final Bounded in;
    private final XMLStreamReader xml;
    private final StringBuilder text = new StringBuilder();

    XmlPart(DataFile file, String name, InputStream in) throws DataException {
        this.file = file;
        this.name = name;
        this.in = new Bounded(in);
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(DEEPEST, MOST_ELEMENTS_WITHIN);
        factory.setXMLResolver((publicId, systemId, base, namespace) -> InputStream.nullInputStream());
        try {
            BufferedInputStream marked = new BufferedInputStream(this.in);
            byte[] mark = TextReader.MARK.getBytes(StandardCharsets.UTF_8);
            marked.mark(mark.length);
            if (!Arrays.equals(marked.readNBytes(mark.length), mark)) {
                marked.reset();
            }
            // The JDK prints an error of its own decoder.
            CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT);
            this.xml = factory.createXMLStreamReader(new InputStreamReader(marked, decoder));
        } catch (XMLStreamException | IOException | RuntimeException e) {
            throw broken(e);
        }
    }

    /** Goes to the next beginning or end of an element, past any text; false at the end of the part. */
    boolean nextTag() throws DataException {
        int event = xml.getEventType();
        do {
            event = event == XMLStreamConstants.END_DOCUMENT ? event : next();
        } while (event != XMLStreamConstants.START_ELEMENT && event != XMLStreamConstants.END_ELEMENT
                && event != XMLStreamConstants.END_DOCUMENT);
        return event != XMLStreamConstants.END_DOCUMENT;
    }

    private int next() throws DataException {
        try {
            in.left = LARGEST;
            return xml.next();
        } catch (XMLStreamException | RuntimeException e) { // such as an ArrayIndexOutOfBoundsException of its tables
            throw broken(e);
        }
    }

    private DataException broken(Exception cause) {
        Throwable root = cause;
        for (Throwable next = cause; next != null; next = next instanceof XMLStreamException nested
                && nested.getNestedException() != null ? nested.getNestedException() : next.getCause()) {
            root = next;
        }
        if (root instanceof DataException known) {
            return known;
        }
        if (root instanceof ZipException || root instanceof EOFException) {
            return file.error("the part " + name + " of the workbook is damaged (" + root.getMessage() + "). Get the file again");
        }
        return file.error("expected a workbook whose part " + name + " is XML. Received: "
                + String.valueOf(cause.getMessage()).replace('\n', ' ') + ". Get the file again, or save it as CSV");
    }

    /** Whether an element begins here, not ends. */
    boolean isStart() {
        return xml.isStartElement();
    }

    boolean isStart(String element) {
        return xml.isStartElement() && xml.getLocalName().equals(element);
    }

    boolean isEnd(String element) {
        return xml.isEndElement() && xml.getLocalName().equals(element);
    }

    /** An attribute of the element that begins here; empty if there is none. */
    String attribute(String attribute) {
        for (int i = 0; i < xml.getAttributeCount(); i++) {
            if (xml.getAttributeLocalName(i).equals(attribute)) {
                return xml.getAttributeValue(i);
            }
        }
        return "";
    }

    /** The text up to the end of the element that begins here, which has no others in it. */
    String text() throws DataException {
        text.setLength(0);
        for (int event = next(); event != XMLStreamConstants.END_ELEMENT; event = next()) {
            if (event == XMLStreamConstants.START_ELEMENT || event == XMLStreamConstants.END_DOCUMENT) {
                throw file.error("expected a text in the part " + name + " of the workbook. Received: another element in it");
            }
            if (xml.hasText() && event != XMLStreamConstants.COMMENT && event != XMLStreamConstants.DTD) {
                text.append(xml.getTextCharacters(), xml.getTextStart(), xml.getTextLength());
                requireShort(text);
            }
        }
        return text.toString();
    }

    void requireShort(StringBuilder some) throws DataException {
        if (some.length() > LARGEST) {
            throw file.error("expected texts of at most " + LARGEST + " characters. Received: a longer one in the part " + name);
        }
    }

    /** Goes past the end of the element that begins here. */
    void skip() throws DataException {
        for (int depth = 1; depth > 0 && nextTag(); ) {
            depth += xml.isStartElement() ? 1 : -1;
        }
    }

    @Override
    public void close() throws DataException {
        try {
            in.close();
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** Ends a single endless event, which a parser would keep in memory. */
    private static final class Bounded extends FilterInputStream {

        private int left = LARGEST;

        Bounded(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            int count = in.read(into, from, length);
            left -= Math.max(count, 0);
            if (left < 0) {
                throw new IOException("a tag or text of more than " + LARGEST + " bytes");
            }
            return count;
        }
    }
}
