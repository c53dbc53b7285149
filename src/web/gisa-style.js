// The style of the element. The embedding page can set colours and font by `--gisa-…` properties.

const LIGHT = "--a:#1a56d6;--oa:#fff;--g:#fff;--r:#f5f7fa;--i:#16191d;--s:#5a6470;--l:#e3e8ed;--e:#848e99;--m:#ffedb0;--om:#16191d;color-scheme:light";
const DARK = "--a:#8fb6ff;--oa:#0f141b;--g:#14171b;--r:#1d2227;--i:#e9ecf0;--s:#a0aab5;--l:#2c333a;--e:#74808c;--m:#63510b;--om:#fff6d6;color-scheme:dark";

const RULES = `
:host{${LIGHT};display:block}
:host([theme=dark]){${DARK}}
@media (prefers-color-scheme:dark){:host([theme=auto]){${DARK}}}
:host([hidden]){display:none}
*{box-sizing:border-box}
.box{
  --accent:var(--gisa-accent,var(--a));--on-accent:var(--gisa-on-accent,var(--oa));--ground:var(--gisa-ground,var(--g));
  --raised:var(--gisa-raised,var(--r));--ink:var(--gisa-ink,var(--i));--soft:var(--gisa-soft,var(--s));
  --line:var(--gisa-line,var(--l));--edge:var(--gisa-edge,var(--e));--mark:var(--gisa-mark,var(--m));
  --on-mark:var(--gisa-on-mark,var(--om));--radius:var(--gisa-radius,10px);padding:var(--gisa-padding,.25rem);border-radius:var(--radius);
  background:var(--ground);color:var(--ink);line-height:1.55;text-align:start;word-break:keep-all;overflow-wrap:anywhere;
  font-family:var(--gisa-font,-apple-system,"Apple SD Gothic Neo","Malgun Gothic","Noto Sans KR",NanumGothic,system-ui,sans-serif)
}
form{display:flex;gap:.4rem}
input{flex:1;min-width:0;padding:.5rem .8rem;border:1px solid var(--edge);border-radius:var(--radius);background:var(--ground);color:inherit;font:inherit}
input::placeholder{color:var(--soft);opacity:1}
button{flex:none;padding:.5rem 1rem;border:0;border-radius:var(--radius);background:var(--accent);color:var(--on-accent);font:inherit;font-weight:600;cursor:pointer}
:focus-visible{outline:2px solid var(--accent);outline-offset:1px}
.said{min-height:1.5em;margin:.5rem 0 0;color:var(--soft);font-size:.875rem}
.choices{display:flex;flex-wrap:wrap;gap:.4rem;margin-top:.5rem}
select{padding:.25rem .5rem;border:1px solid var(--edge);border-radius:var(--radius);background:var(--ground);color:inherit;font:inherit;font-size:.875rem}
.next{margin-top:.7rem;padding:.35rem 1rem;border:1px solid var(--edge);background:none;color:inherit;font-weight:400}
.suggestion{padding:0;background:none;color:var(--accent);font-size:inherit;text-decoration:underline}
ol{margin:0;padding:0;list-style:none}
li{padding:.7rem 0;border-bottom:1px solid var(--line)}
a{color:var(--accent);text-decoration:none;unicode-bidi:isolate}
a:hover{text-decoration:underline}
.title{font-weight:700;line-height:1.4}
p{margin:.2rem 0 0}
.snippets{font-size:.9rem}
.snippet{unicode-bidi:isolate}
.meta{color:var(--soft);font-size:.8rem;unicode-bidi:isolate}
mark{border-radius:2px;background:var(--mark);color:var(--on-mark)}
.all{margin-top:.7rem;font-size:.875rem}
.sr{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
[hidden]{display:none!important}
`;

let sheet = null;

/** Gives a shadow root its style: a style sheet object, which no content security policy of the embedding page forbids. */
export function applyStyle(root) {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(RULES);
  }
  root.adoptedStyleSheets = [sheet];
}
