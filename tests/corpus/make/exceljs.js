// Files of exceljs, as servers on node write them: node exceljs.js FOLDER
const fs = require("fs");
const path = require("path");
const ExcelJS = require(path.join(process.env.NODE_PATH, "exceljs"));

const folder = process.argv[2];
const date = new Date(Date.UTC(2025, 0, 1));
const header = ["userId", "nickname", "礼品"];
const members = [
  ["U90001", "张丽", "面膜"],
  ["U90002", "王芳", "精华"],
  ["U90003", "李娜", "口红"],
];

function place(name) {
  const target = path.join(folder, name);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  return target;
}

async function write(name, fill) {
  const book = new ExcelJS.Workbook();
  book.created = book.modified = date;
  await fill(book);
  await book.xlsx.writeFile(place(name));
}

function listSheet(book, title = "名单") {
  const sheet = book.addWorksheet(title);
  sheet.addRows([header, ...members]);
  return sheet;
}

async function stream(name) {
  const book = new ExcelJS.stream.xlsx.WorkbookWriter({
    filename: place(name), useStyles: true, useSharedStrings: false, created: date, modified: date,
  });
  const sheet = book.addWorksheet("名单");
  for (const row of [header, ...members]) sheet.addRow(row).commit();
  sheet.commit();
  await book.commit();
}

async function main() {
  await write("formats/exceljs.xlsx", (book) => { listSheet(book); });
  await stream("formats/exceljs-stream.xlsx");
  const csv = new ExcelJS.Workbook();
  listSheet(csv);
  await csv.csv.writeFile(place("formats/exceljs.csv"));
  await write("structure/exceljs-columns-with-keys.xlsx", (book) => {
    const sheet = book.addWorksheet("会员", { views: [{ state: "frozen", ySplit: 1 }] });
    sheet.columns = header.map((key) => ({ header: key, key, width: 18, style: { numFmt: "@" } }));
    members.forEach(([userId, nickname, gift]) => sheet.addRow({ userId, nickname, "礼品": gift }));
    sheet.autoFilter = "A1:C4";
  });
  await write("structure/exceljs-rich-texts-and-links.xlsx", (book) => {
    const sheet = listSheet(book);
    sheet.getCell("A2").value = { richText: [{ text: "U900" }, { font: { bold: true }, text: "01" }] };
    sheet.getCell("B2").value = { text: "张丽", hyperlink: "https://example.com/90001" };
    sheet.getCell("C2").note = "赠品";
  });
  await write("structure/exceljs-table.xlsx", (book) => {
    book.addWorksheet("名单").addTable({
      name: "会员", ref: "A1", headerRow: true,
      columns: header.map((name) => ({ name, filterButton: true })), rows: members,
    });
  });
  await write("structure/exceljs-image.xlsx", (book) => {
    const sheet = listSheet(book);
    const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsDWFzQAAAABJRU5ErkJggg==";
    sheet.addImage(book.addImage({ base64: pixel, extension: "png" }), "E2:F6");
  });
  await write("ids/exceljs-formula-saved.xlsx", (book) => {
    const sheet = listSheet(book);
    sheet.getCell("A3").value = { formula: 'CONCATENATE("U",90002)', result: "U90002" };
  });
  await write("ids/exceljs-formula-unsaved.xlsx", (book) => {
    const sheet = listSheet(book);
    sheet.getCell("A3").value = { formula: 'CONCATENATE("U",90002)' };
  });
  await write("ids/exceljs-formula-with-error.xlsx", (book) => {
    const sheet = listSheet(book);
    sheet.getCell("A3").value = { formula: "1/0", result: { error: "#DIV/0!" } };
  });
  await write("ids/exceljs-boolean.xlsx", (book) => {
    listSheet(book).getCell("A3").value = true;
  });
  await write("ids/exceljs-date.xlsx", (book) => {
    listSheet(book).getCell("A3").value = new Date(Date.UTC(2025, 4, 5));
  });
  await write("ids/exceljs-18-digits.xlsx", (book) => {
    listSheet(book).getCell("A3").value = 440301199001011234;
  });
  await write("ids/exceljs-format-thousands.xlsx", (book) => {
    const cell = listSheet(book).getCell("A3");
    cell.value = 90002;
    cell.numFmt = "#,##0";
  });
  await write("structure/exceljs-very-hidden-first.xlsx", (book) => {
    book.addWorksheet("配置", { state: "veryHidden" }).addRow(["请勿修改"]);
    listSheet(book, "会员");
  });
  await write("structure/exceljs-note-beside.xlsx", (book) => {
    listSheet(book).getCell("F2").value = "说明：第一列必填";
  });
}

main();
