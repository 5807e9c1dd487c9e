import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;

/**
 * Makes the Parquet files of the tests by DuckDB, and for each the CSV of the same rows:
 * {@code java -cp duckdb_jdbc-1.4.1.0.jar src/test/tables/MakeParquet.java src/test/resources/tables data/penguins.csv}.
 */
public final class MakeParquet {

    private static final String TYPES = """
            create table types as select
                i::INTEGER as i32, (i * 10000000000 - 7)::BIGINT as i64, (200 + i % 50)::UTINYINT as u8,
                (18446744073709551615 - i)::UBIGINT as u64, (i / 7.0)::FLOAT as f, sqrt(i) * 1e-7 as d, (i / 100.0 -
                1)::DECIMAL(10, 2) as narrow, (i * 1.5)::DECIMAL(30, 3) as wide, i % 3 = 0 as b, case when i % 5 = 0 then
                null else 'label ' || (i % 3) end as category, 'é, "' || i || '"' as text, case when i % 7 = 0 then null
                else i / 8.0 end::DOUBLE as missing, null::VARCHAR as nothing, (DATE '2020-02-27' + i::INTEGER) as born,
                (TIMESTAMP '1969-12-31 23:59:00' + to_microseconds(i * 1000001)) as instant, (TIMESTAMP '2024-01-31
                12:30:00' + to_seconds(i * 61))::TIMESTAMPTZ as zoned, (TIME '10:00:00' + to_seconds(i)) as clock, {'city':
                'c' || (i % 4), 'zip': case when i % 6 = 0 then null else i end} as address, [i, i + 1] as list,
                ('00000000-0000-0000-0000-' || lpad(i::VARCHAR, 12, '0'))::UUID as id
            from range(150) r(i)""";

    public static void main(String[] args) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:"); Statement sql = connection.createStatement()) {
            sql.execute("set timezone = 'UTC'");
            sql.execute("set threads = 1"); // keeps the order of rows
            sql.execute(TYPES);
            sql.execute("create table penguins as from read_csv('" + args[1] + "', nullstr = 'NA')");
            for (String kind : new String[] {"uncompressed-v1", "snappy-v1", "zstd-v1", "uncompressed-v2", "snappy-v2", "gzip-v2", "zstd-v2",
                    "lz4_raw-v2"}) {
                String[] parts = kind.split("-");
                sql.execute("copy types to '" + args[0] + "/types-" + kind + ".parquet' (format parquet, codec '" + parts[0]
                        + "', row_group_size 2048, parquet_version '" + parts[1] + "')");
            }
            sql.execute("copy (select * exclude (address, list), address.city as \"address.city\", address.zip as \"address.zip\""
                    + " from types) to '" + args[0] + "/types.csv' (header)");
            sql.execute("copy (select i % 97 / 8.0 as x, 'label ' || (i % 3) as label from range(5000) r(i)) to '" + args[0]
                    + "/groups.parquet' (format parquet, row_group_size 2048)");
            sql.execute("copy penguins to '" + args[0] + "/penguins.parquet' (format parquet, row_group_size 128, codec 'zstd')");
        }
    }

    private MakeParquet() {}
}
