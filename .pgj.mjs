import pg from 'pg'; import fc from 'fast-check'; import { parseItem } from './src/dintero/parse.ts';
const c=new pg.Client({host:'127.0.0.1',port:54999,user:'postgres',database:'postgres'}); await c.connect();
const ID='3c90c3cc-0d44-4b50-8888-8dd25736052a';
const num=fc.oneof(fc.constantFrom('1','-0','1.0','1e3','1e999','1e1000','1e1001','1e-1000','1e-16400','0e99999','9007199254740991','9'.repeat(999),'9'.repeat(1001),'0.'+'1'.repeat(999),'1E+0001','123456789012345678901'), fc.integer().map(String), fc.double({noNaN:true,noDefaultInfinity:true}).map(x=>JSON.stringify(x)));
const esc=fc.constantFrom('\\u0000','\\u0001','\\ud83d\\ude48','\\ud83d','\\ude48','\\uDBFF\\uDFFF','\\uffff','\\u0069d','\\\\u0000','\\"','æ','🙈','\u007f','\ufffe','id','a',' ','\\/','\\b');
const str=fc.array(esc,{maxLength:4}).map(a=>'"'+a.join('')+'"');
const ws=fc.constantFrom('',' ','\n','\t \r');
const val=fc.letrec(t=>({v:fc.oneof({maxDepth:3},num,str,fc.constantFrom('null','true'),fc.array(t('v'),{maxLength:3}).map(a=>'['+a.join(',')+']'),fc.array(fc.tuple(fc.oneof(str,fc.constant('"id"')),ws,t('v')),{maxLength:3}).map(a=>'{'+a.map(([k,w,v])=>k+w+':'+w+v).join(',')+'}'))})).v;
const docs=fc.sample(fc.tuple(val,num,val,ws).map(([a,id,b,w])=>`{"id":"${ID}","x":${a},"events":[{"id"${w}:${w}${id},"case":${b}},{"${'\\u0069d'}":${id==='1'?'2':'7'}}]}`),40000);
let acc=0,rej=0,bad=[],over=0;
for(const d of docs){ const bytes=Buffer.from(d); let p; try{p=parseItem({bytes,size:bytes.length,depth:4,fingerprint:bytes});}catch(e){bad.push(['throw',d]);continue;}
 if(p.kind==='case'){acc++; try{ const r=await c.query("select array(select (e->>'id')::bigint::text from jsonb_array_elements($1::jsonb->'events') e) ids, ($1::jsonb->>'id')::uuid",[d]); if(p.case.events.some((e,i)=>String(e.id===0?0:e.id)!==r.rows[0].ids[i]) && new Set(r.rows[0].ids).size===r.rows[0].ids.length) bad.push(['ids',d,r.rows[0].ids,p.case.events]); }catch(e){bad.push([e.message,d]);} } else { rej++; try{ await c.query("select (e->>'id')::bigint from jsonb_array_elements($1::jsonb->'events') e",[d]); over++; globalThis.s??={}; const k=p.rejection.reason.slice(0,60); s[k]=(s[k]??0)+1; if(k.includes('text')||k.includes('nested')) s.d=d;}catch{} } }
console.log({acc,rej,over,s:globalThis.s}); console.log(bad.length, bad.slice(0,5));
await c.end();
